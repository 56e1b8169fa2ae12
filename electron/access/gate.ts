import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError, messageOf } from '../../shared/errors'
import { openBareConnection, type BareConnection, type BareMessage } from '../transport/connection/bare-connection'
import { decide, readRequest, type TokenTable } from './authorization'
import type { GateNotice, GateOrder, GateOrders } from './gate-messages'
import { authorizationResponse, readClaims, userJwt, type JwtSigner } from './nats-jwt'
import { createSigner } from './nkey'
import { readTokenFile } from './token-file'

const CALLOUT_SUBJECT = '$SYS.REQ.USER.AUTH'
/** The gate has to stand within milliseconds of an open port, so it knocks often; a refused knock on a loopback port costs next to nothing. */
const KNOCK_MS = 2
/** After this many knocks in vain the server is really away, and knocking slows down. */
const EAGER_KNOCKS = 2500
const SLOW_KNOCK_MS = 20
const CONNECT_TIMEOUT_MS = 2000

/** How the gate's thread talks with the rest of the process; a MessagePort fits. */
interface GatePort {
  postMessage(notice: GateNotice): void
  on(event: 'message', listener: (order: GateOrder) => void): void
}

/**
 * The gate itself: answers nats-server's question who may come in. Runs in a thread of its own, so that it answers while the orchestrator
 * is busy, over a connection of its own, which it makes again for ever. Ends with its thread.
 */
export async function runGate(orders: GateOrders, port: GatePort): Promise<never> {
  const signer: JwtSigner = { issuer: orders.issuer, sign: createSigner(orders.issuer), nowSeconds: () => Math.floor(Date.now() / 1000) }
  let tokens = readTokenFile(orders.tokenFile)

  port.on('message', (order) => {
    try {
      tokens = readTokenFile(orders.tokenFile)
      port.postMessage({ kind: 'tokens-read', version: order.version })
    } catch (error) {
      port.postMessage({ kind: 'tokens-read', version: order.version, problem: messageOf(error) })
    }
  })

  port.postMessage({ kind: 'knocking' })
  let trouble = ''
  for (let knocks = 0; ; knocks += 1) {
    let connection: BareConnection
    try {
      connection = await openBareConnection(target(orders))
    } catch (error) {
      // Anything but a closed port is told, once: another server may hold the port.
      const isClosed = error instanceof AppError && (error.code === 'nats.unreachable' || error.code === 'nats.tls')
      if (!isClosed && trouble !== messageOf(error)) {
        trouble = messageOf(error)
        port.postMessage({ kind: 'trouble', message: trouble })
      }
      await sleep(isClosed && knocks < EAGER_KNOCKS ? KNOCK_MS : SLOW_KNOCK_MS)
      continue
    }
    knocks = 0
    trouble = ''
    await stand(connection, { signer, orders, port, tokens: () => tokens })
  }
}

/** Answers until the connection ends. */
async function stand(connection: BareConnection, context: AnswerContext): Promise<void> {
  connection.subscribe(CALLOUT_SUBJECT, (message) => answer(connection, message, context))
  void connection.flush().then(() => context.port.postMessage({ kind: 'standing', serverId: connection.server.serverId }))
  context.port.postMessage({ kind: 'fallen', reason: await connection.closed })
}

interface AnswerContext {
  readonly signer: JwtSigner
  readonly orders: GateOrders
  readonly port: GatePort
  readonly tokens: () => TokenTable
}

function answer(connection: BareConnection, { data, reply }: BareMessage, { signer, orders, port, tokens }: AnswerContext): void {
  const request = readRequest(readClaims(data.toString('utf8')))
  if (request === undefined || reply === undefined) {
    port.postMessage({ kind: 'trouble', message: 'A question of nats-server could not be understood; that connection is not let in.' })
    return
  }
  const { serverId, userNkey, host } = request
  const decision = decide(request, tokens())
  if (decision.kind === 'refuse') {
    connection.publish(reply, authorizationResponse(signer, { userNkey, serverId, verdict: { kind: 'refuse', reason: decision.reason } }))
    const { reason, fingerprint } = decision
    port.postMessage({
      kind: 'refused',
      refusal: { at: Date.now(), node: request.name, host, reason, ...(fingerprint === undefined ? {} : { fingerprint }) },
    })
    return
  }
  const jwt = userJwt(signer, { userNkey, account: orders.account, name: decision.name, permissions: decision.permissions })
  connection.publish(reply, authorizationResponse(signer, { userNkey, serverId, verdict: { kind: 'admit', jwt } }))
}

function target({ host, port, user, password, certFile }: GateOrders) {
  const certificate = certFile === undefined ? {} : { certificate: readFileSync(certFile, 'utf8') }
  return { host, port, name: 'gate', login: { user, password }, ...certificate, timeoutMs: CONNECT_TIMEOUT_MS }
}
