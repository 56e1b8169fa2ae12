import type { RefusalNotice } from './refusal-log'
import type { Issuer } from './nkey'

/** What the gate's thread is started with. Stays in the process's memory. */
export interface GateOrders {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  /** PEM file with the server's certificate, when it asks for TLS. */
  readonly certFile?: string
  readonly issuer: Issuer
  /** File with the table of tokens, mode 0600. */
  readonly tokenFile: string
  /** Account that admitted connections are put in. */
  readonly account: string
}

/** From the thread. Never holds a token. */
export type GateNotice =
  /** The thread runs and knocks at the server's port. */
  | { readonly kind: 'knocking' }
  | { readonly kind: 'standing'; readonly serverId: string }
  | { readonly kind: 'fallen'; readonly reason: string }
  | { readonly kind: 'refused'; readonly refusal: RefusalNotice }
  /** A change of the table has taken effect, or could not be read and the last one stays; `version` as in the order. */
  | { readonly kind: 'tokens-read'; readonly version: number; readonly problem?: string }
  | { readonly kind: 'trouble'; readonly message: string }

/** To the thread. */
export type GateOrder = { readonly kind: 'read-tokens'; readonly version: number }
