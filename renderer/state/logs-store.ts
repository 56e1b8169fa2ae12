import { create } from 'zustand'
import type { LogLine } from '../../shared/cluster'
import { toFailure, type Failure } from '../../shared/errors'
import { call } from '../ipc'

/** Lines that one stream keeps; older ones stay in the file. */
export const MAX_LINES = 20_000

/** A log that is open in the dock, with its newest lines. */
export interface LogStream {
  readonly clusterId: string
  readonly node: string
  readonly lines: readonly LogLine[]
  /** How many lines have fallen out at the top; with it, a line keeps its number. */
  readonly dropped: number
  readonly state:
    { readonly kind: 'opening'; readonly since: number } | { readonly kind: 'open' } | { readonly kind: 'failed'; readonly failure: Failure }
}

interface LogsState {
  /** In the order of their tabs. */
  readonly streams: readonly LogStream[]
  readonly active: string | undefined
}

/** The streams that the dock shows: filled from main's log files while they are open. */
export const useLogs = create<LogsState>(() => ({ streams: [], active: undefined }))

/** Names one log among those of all clusters. */
export function streamKey(clusterId: string, node: string): string {
  return `${clusterId}/${node}`
}

function change(key: string, by: (stream: LogStream) => LogStream): void {
  useLogs.setState(({ streams }) => ({ streams: streams.map((stream) => (streamKey(stream.clusterId, stream.node) === key ? by(stream) : stream)) }))
}

function withLines(stream: LogStream, more: readonly LogLine[]): LogStream {
  const all = [...stream.lines, ...more]
  const excess = Math.max(0, all.length - MAX_LINES)
  return { ...stream, lines: excess === 0 ? all : all.slice(excess), dropped: stream.dropped + excess }
}

/** Shows a node's log; opens its stream when it is not open yet. */
export async function openLog(clusterId: string, node: string): Promise<void> {
  const key = streamKey(clusterId, node)
  const { streams } = useLogs.getState()
  const known = streams.find((stream) => streamKey(stream.clusterId, stream.node) === key)
  if (known !== undefined && known.state.kind !== 'failed') {
    useLogs.setState({ active: key })
    return
  }
  const opening: LogStream = { clusterId, node, lines: [], dropped: 0, state: { kind: 'opening', since: Date.now() } }
  useLogs.setState({
    streams: known === undefined ? [...streams, opening] : streams.map((stream) => (stream === known ? opening : stream)),
    active: key,
  })
  try {
    const { lines } = await call('logs.open', { clusterId, node })
    // Lines may have come by event while the answer was on its way: the answer holds what was there before them.
    change(key, (stream) => withLines({ ...stream, lines, state: { kind: 'open' } }, stream.lines))
  } catch (error) {
    change(key, (stream) => ({ ...stream, state: { kind: 'failed', failure: toFailure(error) } }))
  }
}

/** Appends; lines of a log that is not open are dropped. */
export function takeLogLines(event: { readonly clusterId: string; readonly node: string; readonly lines: readonly LogLine[] }): void {
  change(streamKey(event.clusterId, event.node), (stream) => withLines(stream, event.lines))
}

/** `key`: of a log that is open already. */
export function showLog(key: string): void {
  useLogs.setState({ active: key })
}

/** Shows a neighbour if it was the one on screen. Does nothing when it is not open. */
export function closeLog(key: string): void {
  const { streams, active } = useLogs.getState()
  const index = streams.findIndex((stream) => streamKey(stream.clusterId, stream.node) === key)
  const closed = streams[index]
  if (closed === undefined) return
  const left = streams.filter((stream) => stream !== closed)
  const neighbour = left[Math.min(index, left.length - 1)]
  useLogs.setState({ streams: left, active: active === key ? neighbour && streamKey(neighbour.clusterId, neighbour.node) : active })
  // Main stops reading a file that nobody looks at; when it cannot answer any more there is nothing left to stop.
  call('logs.close', { clusterId: closed.clusterId, node: closed.node }).catch(() => undefined)
}
