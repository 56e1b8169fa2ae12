import { createHash } from 'node:crypto'
import { readJson } from '../../shared/read-json'
import type { Issuer } from './nkey'

/** Subjects, with NATS’s wildcards, that a connection may use; all others are refused. */
export interface Permissions {
  readonly publish: readonly string[]
  readonly subscribe: readonly string[]
}

interface UserGrant {
  /** The server's throw-away key for this connection (`U…`); the answer must be about it. */
  readonly userNkey: string
  /** Account of the server's configuration that the connection is put in. */
  readonly account: string
  /** How the connection is called in events and lists, in place of its token. */
  readonly name: string
  readonly permissions: Permissions
}

interface CalloutAnswer {
  readonly userNkey: string
  /** The asking server's id (`N…`). */
  readonly serverId: string
  readonly verdict: { readonly kind: 'admit'; readonly jwt: string } | { readonly kind: 'refuse'; readonly reason: string }
}

/** What signs the answers of an auth callout, and by which clock. */
export interface JwtSigner {
  readonly issuer: Issuer
  readonly sign: (data: string) => Buffer
  /** Unix seconds. */
  readonly nowSeconds: () => number
}

const HEADER = Buffer.from(JSON.stringify({ typ: 'JWT', alg: 'ed25519-nkey' })).toString('base64url')
const NO_LIMIT = -1

/** A user of nats-server, version 2 of its claims (nats-io/jwt v2: user_claims.go). In a server without operator `aud` names the account. */
export function userJwt(signer: JwtSigner, { userNkey, account, name, permissions }: UserGrant): string {
  return jwt(signer, {
    sub: userNkey,
    aud: account,
    name,
    nats: {
      type: 'user',
      version: 2,
      // Written even when empty: an absent list would allow everything.
      pub: limited(permissions.publish),
      sub: limited(permissions.subscribe),
      subs: NO_LIMIT,
      data: NO_LIMIT,
      payload: NO_LIMIT,
    },
  })
}

/** The answer to `$SYS.REQ.USER.AUTH` (nats-io/jwt v2: authorization_claims.go). */
export function authorizationResponse(signer: JwtSigner, { userNkey, serverId, verdict }: CalloutAnswer): string {
  const outcome = verdict.kind === 'admit' ? { jwt: verdict.jwt } : { error: verdict.reason }
  return jwt(signer, { sub: userNkey, aud: serverId, nats: { ...outcome, type: 'authorization_response', version: 2 } })
}

/** The claims of a JWT, unchecked: only nats-server itself can publish where these come from. Undefined when it is none. */
export function readClaims(token: string): unknown {
  return readJson(Buffer.from(token.split('.')[1] ?? '', 'base64url'))
}

function limited(subjects: readonly string[]): object {
  return subjects.length === 0 ? { deny: ['>'] } : { allow: subjects }
}

function jwt({ issuer, sign, nowSeconds }: JwtSigner, claims: object): string {
  const dated = { ...claims, iss: issuer.publicKey, iat: nowSeconds() }
  // The id is a hash of the claims, as in nats-io's library; nobody checks it.
  const id = createHash('sha256').update(JSON.stringify(dated)).digest('base64url')
  const body = `${HEADER}.${Buffer.from(JSON.stringify({ ...dated, jti: id })).toString('base64url')}`
  return `${body}.${sign(body).toString('base64url')}`
}
