import type { OrchestratorFacts, Refusal } from '../../shared/http/feed'

/** A NATS connection in the nodes' account, as the server tells of it. Times are Unix milliseconds. */
export interface LiveConnection {
  /** The server's number for it; rises with every new connection, starts over with the server. */
  readonly clientId: number
  /** The name that it gave itself, which is its node's id. */
  readonly name: string
  readonly host: string
  readonly since: number
  readonly rttMs?: number
}

/** Told of each connection that comes or goes. `at` in Unix milliseconds. */
export interface ConnectionHandlers {
  connected(event: { readonly clientId: number; readonly name: string; readonly host: string; readonly at: number }): void
  /** `reason` is NATS's own word: `Client Closed`, `Stale Connection`, … */
  disconnected(event: { readonly clientId: number; readonly name: string; readonly reason: string; readonly at: number }): void
}

/** What the NATS server knows of the nodes' connections. The role host makes it from the server's system events. */
export interface Connections {
  /** Calls the handlers for each connection that comes or goes, in order; returns the end of it. */
  watch(handlers: ConnectionHandlers): () => void
  list(): Promise<readonly LiveConnection[]>
  /** Subjects that a connection is subscribed to; empty when it is gone. */
  subscriptionsOf(clientId: number): Promise<readonly string[]>
  facts(): Promise<ServerFacts>
}

/** What the NATS server says of itself at this moment. */
export type ServerFacts = Pick<OrchestratorFacts['nats'], 'serverId' | 'version' | 'messagesPerSecond' | 'connections' | 'rttMs'>

/** What the role host knows of this orchestrator; asked again each time, since tokens change while it runs. */
export interface HostFacts {
  /** Shoal's own version. */
  readonly version: string
  /** Unix milliseconds. */
  readonly startedAt: number
  readonly nats: Pick<OrchestratorFacts['nats'], 'address' | 'websocketAddress' | 'advertised' | 'tls' | 'tokenRequired'>
}

/** Connections that the gate refused. */
export interface Refusals {
  list(): readonly Refusal[]
  /** Calls back after every change of the list; returns the end of it. */
  on(listener: () => void): () => void
}

/** Time as the orchestrator needs it: an argument, so that a simulation decides it. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number
  /** Milliseconds that only ever rise, from any beginning. */
  monotonic(): number
}
