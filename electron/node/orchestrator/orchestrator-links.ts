import type { NatsAddress } from '../../../shared/address'
import { openJetStreamLedger } from '../../ledger/jetstream-ledger'
import type { TrimmableLedger } from '../../ledger/ledger'
import type { Logger } from '../../log/logger'
import { accounts, type Login } from '../../nats/credentials'
import type { NatsServer } from '../../nats/nats-server'
import { listConnections, messagesPerSecond, serverFacts, subscriptionsOf, type ServerFacts } from '../../nats/server-monitor'
import { watchConnections } from '../../nats/system-events'
import { watchAnswers } from '../../nats/watch-answers'
import type { Connections } from '../../orchestrator/ports'
import type { Clock } from '../../process/clock'
import { dial } from '../../transport/dial'
import type { NatsLink } from '../../transport/link'
import type { OwnTls } from './own-tls'

/** An orchestrator's own connections to its NATS server; they come back by themselves when that was started again. */
export interface OrchestratorLinks {
  /** In the nodes' account. */
  readonly nodes: NatsLink
  readonly connections: Connections
  /** `onStalled`: the server has stopped to store; only another start of it helps. */
  openLedger(onStalled: () => void): Promise<TrimmableLedger>
  /** Watches whether the server answers, until `close`: one that hangs is alive, and nothing else tells of it. */
  watchServer(clock: Clock, onSilent: (silentMs: number) => void): void
  /** The ledger first: what is under way there comes to its end. */
  close(): Promise<void>
}

const STREAM = 'SHOAL'
/** A server that hangs is replaced within 5 s; one on a busy machine is not. Its clients give up a silent one no sooner. */
const PATIENCE_MS = 3_500
const QUESTION_EVERY_MS = 500

/** Connects to the embedded server, once for the nodes’ account and once for its monitoring. Rejects as `dial` does. */
export async function openOrchestratorLinks({
  server,
  tls,
  markFile,
  log,
}: {
  readonly server: NatsServer
  /** Where the ledger's mark is kept. */
  readonly markFile: string
  readonly tls: OwnTls | undefined
  readonly log: Logger
}): Promise<OrchestratorLinks> {
  const { host, port, credentials } = server
  const address: NatsAddress = { scheme: tls === undefined ? 'nats' : 'tls', host, port }
  const trust =
    tls === undefined
      ? {}
      : { ...(tls.ca === undefined ? {} : { ca: tls.ca }), ...(tls.serverName === undefined ? {} : { serverName: tls.serverName }) }
  // The blank keeps these names apart from any node's id.
  const open = (name: string, { user, password }: Login): Promise<NatsLink> =>
    dial({ addresses: [address], name: `shoal ${name}`, credentials: { kind: 'user', user, password }, tls: trust, log })
  const [nodes, system] = await Promise.all([open('orchestrator', credentials.orchestrator), open('monitor', credentials.system)])
  let ledger: TrimmableLedger | undefined
  const closing = new AbortController()
  return {
    nodes,
    connections: connectionsOf(system, log),
    openLedger: async (onStalled) => {
      ledger = await openJetStreamLedger({
        server: { host, port, ...credentials.state, ...(tls === undefined ? {} : { tls: trust }) },
        stream: STREAM,
        log,
        onStalled,
        markFile,
      })
      return ledger
    },
    watchServer: (clock, onSilent) =>
      void watchAnswers({
        // A ping, which the server answers by itself: the account of the system asks it for nothing that takes long.
        ask: () => system.rttMs(),
        clock,
        patienceMs: PATIENCE_MS,
        everyMs: QUESTION_EVERY_MS,
        onSilent,
        signal: closing.signal,
      }),
    close: async () => {
      closing.abort()
      await ledger?.close()
      await Promise.all([nodes.close(), system.close()])
    },
  }
}

/** What the server knows of the nodes' connections, over its system account. */
function connectionsOf(link: NatsLink, log: Logger): Connections {
  const account = accounts.nodes
  let last: ServerFacts | undefined
  return {
    watch: (handlers) => watchConnections(link, handlers, { account, onTrouble: (message) => log.warn(message) }),
    list: () => listConnections(link, { account }),
    subscriptionsOf: (clientId) => subscriptionsOf(link, clientId),
    facts: async () => {
      const [now, rttMs] = await Promise.all([serverFacts(link), link.rttMs()])
      const before = last
      last = now
      return {
        serverId: now.serverId,
        version: now.version,
        messagesPerSecond: before === undefined ? 0 : messagesPerSecond(before, now),
        connections: now.connections,
        rttMs,
      }
    },
  }
}
