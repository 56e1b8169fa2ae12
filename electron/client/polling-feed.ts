import { setTimeout as delay } from 'node:timers/promises'
import type { NodeRow } from '../../shared/models/node-row'
import type { NodeState } from '../../shared/models/node'
import type { FeedRun } from './feed'
import type { Client } from './http-client'

/** Milliseconds that an answer may take: long enough for thousands of nodes over a slow line. */
const PATIENCE = 10_000

interface PollingOptions {
  /** Milliseconds between the end of one question and the next. */
  readonly everyMs: number
  /** Names this run, in its revisions. */
  readonly start: string
}

/**
 * Asks a Bacalhau orchestrator for its nodes again and again, and tells what has changed since the time before. Of sockets it
 * learns nothing. Rejects at the first question that fails.
 */
export async function runPolling(client: Client, { signal, tell, now }: FeedRun, { everyMs, start }: PollingOptions): Promise<void> {
  const isOver = (): boolean => signal.aborted
  let known: ReadonlyMap<string, string> | undefined
  for (let counter = 1; !isOver();) {
    try {
      const { Nodes } = await client.call('listNodes', { signal, timeoutMs: PATIENCE })
      const rows = (Nodes ?? []).map(rowOf)
      const texts = new Map(rows.map((row) => [row.state.Info.NodeID, JSON.stringify(row)]))
      const before = known
      known = texts
      if (before === undefined) tell({ kind: 'snapshot', feed: 'poll', asOf: now(), revision: { start, counter }, nodes: rows })
      else {
        const { changed, removed } = difference(before, texts, rows)
        if (changed.length + removed.length === 0) tell({ kind: 'alive', feed: 'poll', asOf: now() })
        else tell({ kind: 'changes', feed: 'poll', asOf: now(), revision: { start, counter: (counter += 1) }, changed, removed })
      }
      await delay(everyMs, undefined, { signal })
    } catch (error) {
      if (isOver()) return
      throw error
    }
  }
}

function rowOf(state: NodeState): NodeRow {
  return { state, socket: { kind: 'unknown' } }
}

function difference(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  rows: readonly NodeRow[],
): { readonly changed: readonly NodeRow[]; readonly removed: readonly string[] } {
  return {
    changed: rows.filter((row) => before.get(row.state.Info.NodeID) !== after.get(row.state.Info.NodeID)),
    removed: [...before.keys()].filter((id) => !after.has(id)),
  }
}
