import type { Connection, ConnectionNotice, ServerFacts } from './connection'
import type { LinkMessage } from '../link'

/** What both NATS libraries' headers have in common. */
interface LibraryHeaders {
  get(name: string): string
  has(name: string): boolean
  set(name: string, value: string): void
  readonly code: number
}

interface LibraryMessage<Headers> {
  readonly subject: string
  readonly reply?: string
  readonly data: Uint8Array
  readonly headers?: Headers
}

interface LibraryInfo {
  readonly server_id: string
  readonly server_name: string
  readonly version: string
  readonly client_id: number
  readonly max_payload: number
  readonly connect_urls?: string[]
}

/** What both libraries' connections have in common (@nats-io/nats-core and nats.ws share an ancestor, not their types). */
interface LibraryClient<Headers> {
  readonly info?: LibraryInfo
  publish(subject: string, data: Uint8Array, options: { reply?: string | undefined; headers?: Headers | undefined }): void
  subscribe(subject: string, options: { callback: (error: Error | null, message: LibraryMessage<Headers>) => void }): { unsubscribe(): void }
  flush(): Promise<void>
  drain(): Promise<void>
  close(): Promise<void>
  closed(): Promise<void | Error>
  status(): AsyncIterable<{ readonly type: string }>
}

/** Our `Connection` over a client of either library, made with `reconnect: false`. */
export function adoptClient<Headers extends LibraryHeaders>(
  client: LibraryClient<Headers>,
  newHeaders: () => Headers,
  tls: boolean,
  notify: (notice: ConnectionNotice) => void,
): Connection {
  let facts = factsOf(client.info)
  const follow = async (): Promise<void> => {
    for await (const status of client.status()) {
      if (status.type === 'update') {
        facts = factsOf(client.info ?? undefined, facts)
        notify({ kind: 'info' })
      } else if (status.type === 'ldm') notify({ kind: 'leaving' })
      else if (status.type === 'error') notify({ kind: 'error', error: errorOf(status) })
    }
  }
  follow().catch((error: unknown) => notify({ kind: 'error', error: error instanceof Error ? error : new Error(String(error)) }))

  const outgoing = createOutgoing(notify)
  return {
    get facts() {
      return facts
    },
    tls,
    publish(subject, data, { reply, headers }) {
      const options = { reply, headers: headers === undefined ? undefined : encodeHeaders(newHeaders(), headers) }
      outgoing.add(() => client.publish(subject, data, options))
    },
    subscribe: (subject, onMessage) => {
      outgoing.send()
      return client.subscribe(subject, {
        callback: (error, message) => {
          // A refused subscription is told through status() with its subject; there is no message then.
          if (error === null) onMessage(new AdoptedMessage(message))
        },
      })
    },
    flush: () => {
      outgoing.send()
      return client.flush()
    },
    drain: () => {
      outgoing.send()
      return client.drain()
    },
    close: () => {
      outgoing.send()
      return client.close()
    },
    ended: client.closed().then((error) => (error instanceof Error ? error : undefined)),
  }
}

/**
 * Messages that are published within one turn of the event loop go to the library together at its end: it writes to the socket once for all that it
 * is given at a time, and such a write costs more than all else about a small message.
 */
function createOutgoing(notify: (notice: ConnectionNotice) => void): { add(publish: () => void): void; send(): void } {
  let waiting: (() => void)[] = []
  let timer: NodeJS.Immediate | undefined
  const send = (): void => {
    clearImmediate(timer)
    timer = undefined
    const now = waiting
    waiting = []
    for (const publish of now) {
      try {
        publish()
      } catch (error) {
        // The connection has ended meanwhile, with all that was under way on it.
        notify({ kind: 'error', error: error instanceof Error ? error : new Error(String(error)) })
      }
    }
  }
  return {
    send,
    add: (publish) => {
      waiting.push(publish)
      timer ??= setImmediate(send)
    },
  }
}

function factsOf(info: LibraryInfo | undefined, before?: ServerFacts): ServerFacts {
  return {
    serverId: info?.server_id ?? before?.serverId ?? '',
    serverName: info?.server_name ?? before?.serverName ?? '',
    version: info?.version ?? before?.version ?? '',
    clientId: info?.client_id ?? before?.clientId ?? 0,
    maxPayload: info?.max_payload ?? before?.maxPayload ?? 0,
    connectUrls: info?.connect_urls ?? [],
  }
}

/** The library reads the headers of a message when they are asked for; of most messages nobody does. */
class AdoptedMessage implements LinkMessage {
  readonly subject: string
  readonly reply: string | undefined
  readonly data: Uint8Array
  readonly header: (name: string) => string | undefined
  readonly #message: LibraryMessage<LibraryHeaders>

  constructor(message: LibraryMessage<LibraryHeaders>) {
    const { subject, reply, data } = message
    this.subject = subject
    this.reply = reply === undefined || reply === '' ? undefined : reply
    this.data = data
    this.#message = message
    this.header = (name) => {
      const { headers } = message
      return headers?.has(name) === true ? headers.get(name) : undefined
    }
  }

  get status(): number {
    return this.#message.headers?.code ?? 0
  }
}

function encodeHeaders<Headers extends LibraryHeaders>(target: Headers, headers: Readonly<Record<string, string>>): Headers {
  // A line break would end the header; NATS has no way to write one.
  for (const [name, value] of Object.entries(headers)) target.set(name, value.replace(/[\r\n]+/g, ' '))
  return target
}

/** nats-core gives the error itself, nats.ws its code in `data` and the refused subject beside it. */
function errorOf(status: { readonly type: string; readonly error?: unknown; readonly data?: unknown; readonly permissionContext?: unknown }): Error {
  if (status.error instanceof Error) return status.error
  const context = status.permissionContext === undefined ? '' : ` ${JSON.stringify(status.permissionContext)}`
  return new Error(`${String(status.data)}${context}`)
}
