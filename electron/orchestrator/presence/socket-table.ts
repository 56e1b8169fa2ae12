import type { LiveConnection } from '../ports'

/** A live connection under some name. */
export interface LiveSocket {
  readonly clientId: number
  readonly host: string
  /** Unix milliseconds. */
  readonly since: number
  /** When we heard of it, on the monotonic clock. */
  readonly heardAt: number
  readonly rttMs?: number
  /** It is more than a legacy probe: it has been there for longer, or was there when its node shook hands. */
  readonly settled: boolean
  /** Whether it is subscribed to what the orchestrator sends to its node; `undefined` until asked. */
  readonly takesMessages?: boolean
}

/** How the last connection under a name ended. */
export interface SocketEnd {
  readonly clientId: number
  /** NATS's own word. */
  readonly reason: string
  /** Unix milliseconds: its end, and its beginning. */
  readonly at: number
  readonly since: number
  /** Of the end, on the monotonic clock. */
  readonly heardAt: number
  /** It was more than a legacy probe. */
  readonly settled: boolean
}

/** How long the end of a name's last connection is remembered. Longer than any handshake takes to be answered. */
const endKeptMs = 60_000
const endsKept = 20_000

/** Live connections by the name that they gave. One name may have several: a legacy probe, one that lingers, a cloned node. */
export class SocketTable {
  readonly #names = new Map<string, Map<number, LiveSocket>>()
  readonly #ends = new Map<string, SocketEnd>()

  /** Connections under a name, the newest first. */
  of(name: string): readonly LiveSocket[] {
    const sockets = this.#names.get(name)
    return sockets === undefined ? [] : [...sockets.values()].sort((a, b) => b.clientId - a.clientId)
  }

  /** Whether there is a connection under a name. */
  any(name: string): boolean {
    return this.#names.has(name)
  }

  lastEnd(name: string): SocketEnd | undefined {
    return this.#ends.get(name)
  }

  names(): readonly string[] {
    return [...this.#names.keys()]
  }

  has(name: string, clientId: number): boolean {
    return this.#names.get(name)?.has(clientId) ?? false
  }

  add({ clientId, name, host, since, rttMs }: LiveConnection, heardAt: number): void {
    const sockets = this.#names.get(name) ?? new Map<number, LiveSocket>()
    if (!sockets.has(clientId)) sockets.set(clientId, { clientId, host, since, heardAt, settled: false, ...(rttMs === undefined ? {} : { rttMs }) })
    this.#names.set(name, sockets)
  }

  /** Forgets a connection; `false` when it was not known. */
  remove(name: string, clientId: number, end: { readonly reason: string; readonly at: number; readonly heardAt: number }): boolean {
    const sockets = this.#names.get(name)
    const socket = sockets?.get(clientId)
    if (sockets === undefined || socket === undefined) return false
    sockets.delete(clientId)
    if (sockets.size === 0) this.#names.delete(name)
    this.#ends.delete(name)
    this.#ends.set(name, { ...end, clientId, since: socket.since, settled: socket.settled })
    this.#dropOldEnds(end.heardAt)
    return true
  }

  /** Notes what has been learnt of a connection, if it is still there. */
  note(name: string, clientId: number, learnt: Partial<Pick<LiveSocket, 'rttMs' | 'settled' | 'takesMessages'>>): void {
    const sockets = this.#names.get(name)
    const socket = sockets?.get(clientId)
    if (socket !== undefined) sockets?.set(clientId, { ...socket, ...learnt })
  }

  #dropOldEnds(now: number): void {
    for (const [name, end] of this.#ends) {
      if (now - end.heardAt < endKeptMs && this.#ends.size <= endsKept) return
      this.#ends.delete(name)
    }
  }
}
