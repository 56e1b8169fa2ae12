import type { ConnectionHandlers, Connections, LiveConnection } from '../../electron/orchestrator/ports'
import type { Connection } from '../../electron/transport/connection/connection'
import { AppError } from '../../shared/errors'
import { Pipe } from './pipe'
import type { Random } from './seeded-random'
import { type ClientOperation, SimulatedWire } from './simulated-connection'
import { newProcess, type SimulatedProcess, type VirtualTime } from './virtual-time'

interface Client {
  readonly wire: SimulatedWire
  readonly name: string
  readonly since: number
  /** By the number of the subscription. */
  readonly subjects: Map<number, Subscription>
}

interface Subscription {
  readonly pattern: string
  readonly matches: (subject: string) => boolean
}

/** One life of the server. */
interface Life {
  readonly process: SimulatedProcess
  readonly id: string
  readonly clients: Map<number, Client>
  lastClientId: number
}

export interface SimulatedNatsOptions {
  readonly time: VirtualTime
  readonly random: Random
  /** Milliseconds of one way between a client and the server. */
  readonly latencyMs: (name: string) => number
}

/** A server that carries messages as NATS does: in order within a connection, at most once, and to nobody who is not there. */
export class SimulatedNats {
  readonly #options: SimulatedNatsOptions
  #life: Life | undefined
  #lives = 0
  /** Clients that cannot reach the server. */
  readonly #cutOff = new Set<string>()
  #events: { readonly owner: SimulatedProcess; readonly pipe: Pipe<() => void> } | undefined
  #handlers: ConnectionHandlers | undefined

  constructor(options: SimulatedNatsOptions) {
    this.#options = options
  }

  get isUp(): boolean {
    return this.#life !== undefined
  }

  start(): void {
    this.#lives += 1
    this.#life = { process: newProcess(`nats-${String(this.#lives)}`), id: `NATS${String(this.#lives)}`, clients: new Map(), lastClientId: 0 }
  }

  /** It is gone at once; its clients learn of that a little later. */
  kill(): void {
    const life = this.#life
    if (life === undefined) return
    life.process.alive = false
    this.#life = undefined
    for (const { wire } of life.clients.values()) wire.break(this.#options.random.whole(0, 20), 0)
  }

  /** Opens a connection; rejects as a client's library does when it cannot. */
  async connect(client: SimulatedProcess, name: string, timeoutMs: number): Promise<Connection> {
    const { time, random, latencyMs } = this.#options
    const oneWay = latencyMs(name)
    await time.pause(client, 2 * oneWay + 1)
    if (this.#cutOff.has(name)) {
      await time.pause(client, timeoutMs)
      throw new Error('connect timed out')
    }
    const life = this.#life
    if (life === undefined) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    const clientId = (life.lastClientId += 1)
    const wire = new SimulatedWire({
      time,
      random,
      facts: { serverId: life.id, serverName: 'simulated', version: '2.12.0', clientId, maxPayload: 1024 * 1024, connectUrls: [] },
      client,
      server: life.process,
      latencyMs: () => latencyMs(name),
      onOperation: (operation) => this.#take(life, clientId, operation),
      onServerEnd: () => this.#leave(life, clientId, 'Client Closed'),
    })
    life.clients.set(clientId, { wire, name, since: time.unix, subjects: new Map() })
    this.#tell((handlers) => handlers.connected({ clientId, name, host: '10.0.0.1', at: time.unix }))
    return wire.connection
  }

  /** Breaks the connections of a client. Milliseconds until each end knows. */
  breakConnections(name: string, clientMs: number, serverMs: number): void {
    for (const { wire } of this.#of(name)) wire.break(clientMs, serverMs)
  }

  /** No byte passes between a client and the server until `reunite`. */
  cutOff(name: string): void {
    this.#cutOff.add(name)
    for (const { wire } of this.#of(name)) wire.stall()
  }

  reunite(name: string): void {
    if (!this.#cutOff.delete(name)) return
    for (const { wire } of this.#of(name)) wire.resume()
  }

  isCutOff(name: string): boolean {
    return this.#cutOff.has(name)
  }

  /** What the server tells an orchestrator of its connections. */
  connectionsFor(owner: SimulatedProcess): Connections {
    const { time, random } = this.#options
    const ask = async <Answer>(answer: (life: Life) => Answer): Promise<Answer> => {
      await time.pause(owner, random.whole(0, 3))
      const life = this.#life
      if (life === undefined) {
        await time.pause(owner, 1000)
        throw new AppError('nats.timeout', 'The server does not answer.')
      }
      const found = answer(life)
      await time.pause(owner, random.whole(0, 3))
      return found
    }
    return {
      watch: (handlers) => {
        const pipe = new Pipe<() => void>({
          time,
          random,
          receiver: owner,
          latencyMs: () => random.whole(0, 4),
          deliver: (tell) => tell(),
          onEnd: () => undefined,
        })
        this.#events = { owner, pipe }
        this.#handlers = handlers
        return () => (this.#events = undefined)
      },
      list: () => ask(({ clients }) => [...clients].map(([clientId, client]) => liveConnection(clientId, client))),
      subscriptionsOf: (clientId) => ask(({ clients }) => [...(clients.get(clientId)?.subjects.values() ?? [])].map(({ pattern }) => pattern)),
      facts: () => ask(({ id, clients }) => ({ serverId: id, version: '2.12.0', messagesPerSecond: 0, connections: clients.size })),
    }
  }

  #of(name: string): readonly Client[] {
    return [...(this.#life?.clients.values() ?? [])].filter((client) => client.name === name)
  }

  #tell(event: (handlers: ConnectionHandlers) => void): void {
    const handlers = this.#handlers
    if (this.#events?.owner.alive === true && handlers !== undefined) this.#events.pipe.send(() => event(handlers))
  }

  #leave(life: Life, clientId: number, reason: string): void {
    const client = life.clients.get(clientId)
    if (client === undefined) return
    life.clients.delete(clientId)
    const { time } = this.#options
    this.#tell((handlers) => handlers.disconnected({ clientId, name: client.name, reason, at: time.unix }))
  }

  #take(life: Life, clientId: number, operation: ClientOperation): void {
    const client = life.clients.get(clientId)
    if (client === undefined) return
    switch (operation.kind) {
      case 'subscribe':
        return void client.subjects.set(operation.sid, { pattern: operation.subject, matches: matcherOf(operation.subject) })
      case 'unsubscribe':
        return void client.subjects.delete(operation.sid)
      case 'ping':
        return client.wire.send({ kind: 'pong' })
      case 'goodbye':
        return this.#leave(life, clientId, 'Client Closed')
      case 'publish':
        return this.#publish(life, client, operation)
    }
  }

  #publish(life: Life, sender: Client, { subject, reply, headers, data }: Extract<ClientOperation, { kind: 'publish' }>): void {
    let count = 0
    const message = { kind: 'message', subject, headers, data, status: 0, ...(reply === undefined ? {} : { reply }) } as const
    for (const { wire, subjects } of life.clients.values()) {
      for (const [sid, { matches }] of subjects) {
        if (!matches(subject)) continue
        count += 1
        wire.send({ ...message, sid })
      }
    }
    if (count > 0 || reply === undefined) return
    for (const [sid, { matches }] of sender.subjects) {
      if (matches(reply)) sender.wire.send({ kind: 'message', sid, subject: reply, headers: {}, data: new Uint8Array(), status: 503 })
    }
  }
}

function liveConnection(clientId: number, { name, since }: Client): LiveConnection {
  return { clientId, name, host: '10.0.0.1', since }
}

/** Whether a subject is one of a pattern's; the pattern is read once. */
function matcherOf(pattern: string): (subject: string) => boolean {
  const literal = pattern.search(/[*>]/)
  if (literal === -1) return (subject) => subject === pattern
  const beginning = pattern.slice(0, literal)
  const wanted = pattern.split('.')
  return (subject) => subject.startsWith(beginning) && matchesTokens(wanted, subject.split('.'))
}

function matchesTokens(wanted: readonly string[], found: readonly string[]): boolean {
  for (const [index, token] of wanted.entries()) {
    if (token === '>') return found.length > index
    if (found[index] === undefined || (token !== '*' && token !== found[index])) return false
  }
  return wanted.length === found.length
}
