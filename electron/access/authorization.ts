import { createHash, timingSafeEqual } from 'node:crypto'
import type { Permissions } from './nats-jwt'
import { fingerprint } from './tokens'

/** Tokens that open the gate; `open`: the cluster has none, and everybody comes in (an empty list lets nobody in). */
export type TokenTable = readonly string[] | 'open'

/** What nats-server asks about a connection; what it does not send is empty. */
export interface AuthorizationRequest {
  readonly serverId: string
  readonly userNkey: string
  /** Address the client comes from. */
  readonly host: string
  readonly token: string
  readonly name: string
}

type RefusalReason = 'no-token' | 'wrong-token' | 'bad-name'

type Decision =
  | { readonly kind: 'admit'; readonly name: string; readonly permissions: Permissions }
  | { readonly kind: 'refuse'; readonly reason: RefusalReason; readonly fingerprint?: string }

/** How a connection without a name is called in lists. */
export const NAMELESS = '(nameless)'

/** What a node id may look like: it stands in subjects, and a real orchestrator keys its node table by it. */
const nodeName = /^[-_a-zA-Z0-9/=]{1,128}$/

/** Reads the claims of a request (nats-io/jwt v2: authorization_claims.go). Undefined when nobody could be answered. */
export function readRequest(claims: unknown): AuthorizationRequest | undefined {
  const nats = field(claims, 'nats')
  const options = field(nats, 'connect_opts')
  const serverId = text(field(field(nats, 'server_id'), 'id'))
  const userNkey = text(field(nats, 'user_nkey'))
  if (serverId === '' || userNkey === '') return undefined
  return {
    serverId,
    userNkey,
    host: text(field(field(nats, 'client_info'), 'host')),
    token: text(field(options, 'auth_token')),
    name: text(field(options, 'name')),
  }
}

/** Who comes in, and what it may do there. The token is looked at first: a stranger learns nothing about names. */
export function decide(request: AuthorizationRequest, tokens: TokenTable): Decision {
  const { token, name } = request
  if (tokens !== 'open') {
    if (token === '') return { kind: 'refuse', reason: 'no-token' }
    if (!isOneOf(token, tokens)) return { kind: 'refuse', reason: 'wrong-token', fingerprint: fingerprint(token) }
  }
  if (name === '') return { kind: 'admit', name: NAMELESS, permissions: guestPermissions }
  if (!nodeName.test(name)) return { kind: 'refuse', reason: 'bad-name' }
  return { kind: 'admit', name, permissions: nodePermissions(name) }
}

/**
 * What a compute node of that name needs and no more, Bacalhau's included. Inboxes of unmodified nodes have
 * random names and cannot be told apart, so a holder of the token can still read others' replies.
 */
export function nodePermissions(id: string): Permissions {
  return {
    publish: [`bacalhau.global.compute.${id}.out.>`, `node.management.${id}.>`, ...guestPermissions.publish, '_SINBOX.>', '_HEARTBEAT._SINBOX.>'],
    subscribe: [`bacalhau.global.compute.${id}.in.>`, `node.compute.${id}.>`, ...guestPermissions.subscribe],
  }
}

/** A client that names no node may talk to nobody but by replies. */
const guestPermissions: Permissions = { publish: ['_INBOX.>'], subscribe: ['_INBOX.>'] }

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Compares digests, so that neither the length nor the beginning of a token shows in the time it takes. */
function isOneOf(token: string, tokens: readonly string[]): boolean {
  const shown = digest(token)
  return tokens.map((known) => timingSafeEqual(shown, digest(known))).includes(true)
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
