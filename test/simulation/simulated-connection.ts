import type { Connection, ServerFacts } from '../../electron/transport/connection/connection'
import type { LinkMessage } from '../../electron/transport/link'
import { Pipe } from './pipe'
import type { Random } from './seeded-random'
import type { SimulatedProcess, VirtualTime } from './virtual-time'

/** What a client sends to the server. */
export type ClientOperation =
  | {
      readonly kind: 'publish'
      readonly subject: string
      readonly reply?: string
      readonly headers: Readonly<Record<string, string>>
      readonly data: Uint8Array
    }
  | { readonly kind: 'subscribe'; readonly sid: number; readonly subject: string }
  | { readonly kind: 'unsubscribe'; readonly sid: number }
  | { readonly kind: 'ping' }
  | { readonly kind: 'goodbye' }

/** What the server sends to a client. */
export type ServerOperation =
  | {
      readonly kind: 'message'
      readonly sid: number
      readonly subject: string
      readonly reply?: string
      readonly headers: Readonly<Record<string, string>>
      readonly data: Uint8Array
      readonly status: number
    }
  | { readonly kind: 'pong' }

export interface WireOptions {
  readonly time: VirtualTime
  readonly random: Random
  readonly facts: ServerFacts
  readonly client: SimulatedProcess
  readonly server: SimulatedProcess
  readonly latencyMs: () => number
  readonly onOperation: (operation: ClientOperation) => void
  /** The server has learnt that the connection is over. */
  readonly onServerEnd: () => void
}

/** A connection of the simulation: two pipes, and what a client's library keeps at its end. */
export class SimulatedWire {
  readonly client: SimulatedProcess
  readonly connection: Connection
  readonly #up: Pipe<ClientOperation>
  readonly #down: Pipe<ServerOperation>
  readonly #handlers = new Map<number, (message: LinkMessage) => void>()
  #pings: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = []
  #sids = 0
  #isOver = false
  #end: (error: Error | undefined) => void = () => undefined

  constructor({ time, random, facts, client, server, latencyMs, onOperation, onServerEnd }: WireOptions) {
    this.client = client
    this.#up = new Pipe({ time, random, receiver: server, latencyMs, deliver: onOperation, onEnd: onServerEnd })
    this.#down = new Pipe({
      time,
      random,
      receiver: client,
      latencyMs,
      deliver: (operation) => this.#take(operation),
      onEnd: () => this.#over(new Error('read ECONNRESET')),
    })
    const ended = new Promise<Error | undefined>((resolve) => (this.#end = resolve))
    const close = (): Promise<void> => {
      this.#up.send({ kind: 'goodbye' })
      this.#over(undefined)
      return Promise.resolve()
    }
    this.connection = {
      facts,
      tls: false,
      publish: (subject, data, { reply, headers = {} }) => {
        if (this.#isOver) throw new Error('connection closed')
        this.#up.send({ kind: 'publish', subject, headers, data, ...(reply === undefined ? {} : { reply }) })
      },
      subscribe: (subject, onMessage) => {
        const sid = (this.#sids += 1)
        this.#handlers.set(sid, onMessage)
        this.#up.send({ kind: 'subscribe', sid, subject })
        return {
          unsubscribe: () => {
            if (this.#handlers.delete(sid) && !this.#isOver) this.#up.send({ kind: 'unsubscribe', sid })
          },
        }
      },
      flush: () =>
        new Promise((resolve, reject) => {
          this.#pings.push({ resolve, reject })
          this.#up.send({ kind: 'ping' })
        }),
      drain: close,
      close,
      ended,
    }
  }

  /** From the server's end. */
  send(operation: ServerOperation): void {
    this.#down.send(operation)
  }

  /** Neither end hears of the other until `resume`. */
  stall(): void {
    this.#up.stall()
    this.#down.stall()
  }

  resume(): void {
    this.#up.resume()
    this.#down.resume()
  }

  /** The connection breaks; each end learns of it after its time. */
  break(clientMs: number, serverMs: number): void {
    this.#down.break(clientMs)
    this.#up.break(serverMs)
  }

  #take(operation: ServerOperation): void {
    if (this.#isOver) return
    if (operation.kind === 'pong') return this.#pings.shift()?.resolve()
    const { sid, subject, reply, headers, data, status } = operation
    this.#handlers.get(sid)?.({ subject, reply, data, status, header: (name) => headers[name] })
  }

  #over(error: Error | undefined): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#handlers.clear()
    for (const { reject } of this.#pings) reject(new Error('connection closed'))
    this.#pings = []
    this.#end(error)
  }
}
