import { X509Certificate } from 'node:crypto'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { AppError } from '../../../shared/errors'
import { systemCodeOf } from '../../../shared/system-error'
import { createNatsParser, type NatsOperation } from './nats-parser'

/** Whom to connect to, as whom; milliseconds. */
export interface BareConnectionOptions {
  readonly host: string
  readonly port: number
  readonly name: string
  /** A user of the server's configuration, or a token for its gate. */
  readonly login: { readonly user: string; readonly password: string } | { readonly token: string }
  /** PEM of the certificate that the server must show itself; TLS before INFO. Absent: in clear. */
  readonly certificate?: string
  readonly timeoutMs: number
}

/** A MSG of NATS; it knows no headers. */
export interface BareMessage {
  readonly subject: string
  readonly reply: string | undefined
  readonly data: Buffer
}

/** What INFO says of a server. */
export interface BareServerInfo {
  readonly serverId: string
  readonly serverName: string
  readonly version: string
}

/**
 * One NATS connection, no more: no reconnecting, no inboxes, no headers. It is what a proof of readiness and the gate need: there within
 * milliseconds of an open port, with no library to load. Everything else uses `dial`.
 */
export interface BareConnection {
  readonly server: BareServerInfo
  subscribe(subject: string, handler: (message: BareMessage) => void): void
  publish(subject: string, data: string): void
  /** Resolves when the server has taken all that was sent before; never when the connection ends first. */
  flush(): Promise<void>
  /** Resolves with the reason when the connection has ended, `close` included. */
  readonly closed: Promise<string>
  close(): void
}

type Handlers = Map<string, (message: BareMessage) => void>

/**
 * Connects and logs in; resolves when the server has answered a PING, that is, has taken the login.
 * Rejects with AppError `nats.refused`, `nats.unreachable` or `nats.tls`.
 */
export function openBareConnection(options: BareConnectionOptions): Promise<BareConnection> {
  const socket = openSocket(options)
  socket.setNoDelay(true)
  const handlers: Handlers = new Map()
  const pongs: (() => void)[] = []
  let end: (reason: string) => void = () => undefined
  const closed = new Promise<string>((resolve) => {
    end = resolve
  })

  return new Promise((resolve, reject) => {
    let server: BareServerInfo | undefined
    let lastError = ''
    const fail = (error: AppError): void => {
      clearTimeout(timer)
      reject(error)
      end(error.message)
      socket.destroy()
    }
    const timer = setTimeout(() => fail(unreachable(options, `no answer within ${options.timeoutMs} ms`)), options.timeoutMs)

    const take = (operation: NatsOperation): void => {
      switch (operation.kind) {
        case 'info': {
          if (server !== undefined) return // A second INFO follows the login.
          server = readInfo(operation.info)
          if (server === undefined) return fail(unreachable(options, 'what answers there is not a NATS server'))
          const info = server
          pongs.push(() => {
            clearTimeout(timer)
            resolve({ server: info, closed, ...speaking(socket, handlers, pongs) })
          })
          socket.write(`CONNECT ${connectOptions(options)}\r\nPING\r\n`)
          return
        }
        case 'ping':
          socket.write('PONG\r\n')
          return
        case 'pong':
          pongs.shift()?.()
          return
        case 'error':
          lastError = operation.text
          if (/authorization|authentication/i.test(operation.text)) fail(refused(options, operation.text))
          return
        case 'message':
          handlers.get(operation.sid)?.({ subject: operation.subject, reply: operation.reply, data: operation.data })
          return
        case 'broken':
          fail(unreachable(options, `what answers there does not speak NATS: ${operation.text}`))
      }
    }
    const parse = createNatsParser(take)
    socket.on('data', parse)
    socket.on('error', (error) => fail(failureOf(options, error)))
    socket.on('close', () => fail(unreachable(options, lastError === '' ? 'the connection was closed' : lastError)))
  })
}

function readInfo(info: unknown): BareServerInfo | undefined {
  if (typeof info !== 'object' || info === null || !('server_id' in info) || typeof info.server_id !== 'string') return undefined
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  return {
    serverId: info.server_id,
    serverName: 'server_name' in info ? text(info.server_name) : '',
    version: 'version' in info ? text(info.version) : '',
  }
}

function speaking(socket: Socket, handlers: Handlers, pongs: (() => void)[]): Pick<BareConnection, 'subscribe' | 'publish' | 'flush' | 'close'> {
  return {
    subscribe: (subject, handler) => {
      const sid = String(handlers.size + 1)
      handlers.set(sid, handler)
      socket.write(`SUB ${subject} ${sid}\r\n`)
    },
    publish: (subject, data) => {
      socket.write(`PUB ${subject} ${Buffer.byteLength(data)}\r\n${data}\r\n`)
    },
    flush: () =>
      new Promise((resolve) => {
        pongs.push(resolve)
        socket.write('PING\r\n')
      }),
    close: () => socket.destroySoon(),
  }
}

function openSocket({ host, port, certificate }: BareConnectionOptions): Socket {
  if (certificate === undefined) return connectTcp({ host, port })
  // The server's own certificate is known to us, so it is compared as a whole: neither its names nor its authority matter.
  const socket = connectTls({ host, port, rejectUnauthorized: false })
  socket.once('secureConnect', () => {
    if (!isSame(socket, certificate)) socket.destroy(new AppError('nats.tls', `${host}:${port} shows another certificate than the configured one.`))
  })
  return socket
}

function isSame(socket: TLSSocket, certificate: string): boolean {
  return socket.getPeerX509Certificate()?.raw.equals(new X509Certificate(certificate).raw) === true
}

function connectOptions({ name, login }: BareConnectionOptions): string {
  const identity = 'token' in login ? { auth_token: login.token } : { user: login.user, pass: login.password }
  return JSON.stringify({ verbose: false, pedantic: false, name, ...identity, lang: 'shoal', version: '1', protocol: 1, echo: false })
}

function failureOf(options: BareConnectionOptions, error: Error): AppError {
  if (error instanceof AppError) return error
  const code = systemCodeOf(error) ?? ''
  if (/^(ERR_SSL|ERR_TLS|EPROTO)/.test(code))
    return new AppError('nats.tls', `TLS with ${options.host}:${options.port} failed: ${error.message}`, { cause: error })
  return unreachable(options, code === '' ? error.message : code, error)
}

function refused({ host, port, name }: BareConnectionOptions, text: string): AppError {
  return new AppError('nats.refused', `The NATS server on ${host}:${port} refused the login of ${name}: ${text}`, {
    hint: 'Another NATS server may be listening there: look who holds the port.',
  })
}

function unreachable({ host, port }: BareConnectionOptions, why: string, cause?: unknown): AppError {
  return new AppError('nats.unreachable', `The NATS server on ${host}:${port} does not answer: ${why}.`, { cause })
}
