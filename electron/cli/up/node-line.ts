import type { NodeRow } from '../../../shared/models/node-row'
import type { Column } from '../output/table'
import { humanBytes, shortId } from '../output/human'

/** The live list of nodes: the orchestrator's opinion and the socket side by side. */
export function liveColumns(now: number): readonly Column<NodeRow>[] {
  return [
    { head: 'node', value: ({ state }) => shortId(state.Info.NodeID), width: 32 },
    { head: 'type', value: ({ state }) => state.Info.NodeType },
    { head: 'approval', value: ({ state }) => state.Membership },
    { head: 'status', value: ({ state }) => state.ConnectionState.Status },
    { head: 'socket', value: (row) => socketWord(row, now) },
    { head: 'jobs', value: jobsWord },
    { head: 'cpu', value: (row) => inUse(row, 'CPU', (cores) => cores.toFixed(1)) },
    { head: 'memory', value: (row) => inUse(row, 'Memory', humanBytes) },
  ]
}

/** How a node stands, in a few words: `up 3 s`, `stopped`, `lost (Stale Connection)`. */
function socketWord({ socket, conflict }: NodeRow, now: number): string {
  const word = (() => {
    switch (socket.kind) {
      case 'up':
        return `up ${humanAge(now - socket.since)}`
      case 'stopped':
        return 'stopped'
      case 'lost':
        return `lost (${socket.reason})`
      case 'none':
      case 'unknown':
        return ''
    }
  })()
  return conflict === undefined ? word : `${word} CONFLICT: ${conflict.hosts.length} under one name`
}

/** What to say when a node stands otherwise than before; undefined when nothing worth a line has changed. */
export function tellChange(before: NodeRow | undefined, after: NodeRow, now: number): string | undefined {
  const head = (row: NodeRow): string =>
    [row.state.Membership, row.state.ConnectionState.Status, row.socket.kind, row.conflict === undefined ? '' : 'conflict'].join()
  if (before !== undefined && head(before) === head(after)) return undefined
  const { Info, Membership, ConnectionState } = after.state
  const socket = after.socket.kind === 'up' ? '' : socketWord(after, now)
  const approval = Membership === 'APPROVED' ? '' : `, ${Membership.toLowerCase()}`
  return `${Info.NodeType.toLowerCase()} ${Info.NodeID} ${ConnectionState.Status.toLowerCase()}${approval}${socket === '' ? '' : `, socket ${socket}`}`
}

/** `3 s`, `5 min`, `2 h`, `4 d` */
export function humanAge(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  if (seconds < 100) return `${seconds} s`
  if (seconds < 6000) return `${Math.floor(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`
}

/** How many executions a node runs, and after a plus how many wait for it: `2`, `5 +2`; nothing where that is not known. */
function jobsWord({ state, work }: NodeRow): string {
  if (work === undefined || state.Info.NodeType !== 'Compute' || state.ConnectionState.Status !== 'CONNECTED') return ''
  const waiting = (work.queued ?? 0) + work.asked
  return `${work.running - (work.queued ?? 0)}${waiting > 0 ? ` +${waiting}` : ''}`
}

/** `1.5 / 8.0`: in use of the whole; the whole alone where nothing is known of the use. */
function inUse({ state, work }: NodeRow, resource: 'CPU' | 'Memory', show: (value: number) => string): string {
  const whole = state.Info.ComputeNodeInfo.MaxCapacity?.[resource] ?? 0
  if (whole === 0) return ''
  if (work === undefined || state.ConnectionState.Status !== 'CONNECTED') return show(whole)
  const used = (work.inUse[resource] ?? 0) - (work.waiting?.[resource] ?? 0) + (work.beside?.[resource] ?? 0)
  return `${show(Math.max(0, Math.min(whole, used)))} / ${show(whole)}`
}
