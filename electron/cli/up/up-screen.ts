import type { ClusterPhase, StartStep } from '../../../shared/cluster'
import type { NodeRow } from '../../../shared/models/node-row'
import { renderTable } from '../output/table'
import { humanAge, liveColumns } from './node-line'

/** Everything that the live view shows. */
export interface UpState {
  readonly name: string
  readonly phase: ClusterPhase
  readonly apiUrl: string | undefined
  readonly natsAddress: string | undefined
  readonly folder: string
  readonly notices: readonly string[]
  readonly join: readonly string[]
  readonly nodes: readonly NodeRow[]
  /** Unix ms of the last proof that the nodes are current; undefined before the first. */
  readonly asOf: number | undefined
  /** Why the nodes are getting old. */
  readonly trouble: string | undefined
}

const marks: Readonly<Record<StartStep['status'], string>> = { 'to-come': ' ', begun: '…', done: '✓', failed: '✗' }

/** The live view as lines, as many as fit. */
export function upScreen(state: UpState, now: number, size: { readonly columns: number; readonly rows: number }): readonly string[] {
  const top = [headline(state, now), ...stepLines(state.phase), ...addressLines(state), ...state.notices.map((notice) => `  ! ${notice}`)]
  const below = state.phase.kind === 'running' ? ['', ...state.join, '', 'Ctrl-C stops everything.'] : []
  const room = Math.max(2, size.rows - 1 - top.length - below.length - 1)
  const table = nodeLines(state, now, room)
  return [...top, ...(table.length === 0 ? [] : ['', ...table]), ...below]
    .slice(0, size.rows - 1)
    .map((line) => line.slice(0, size.columns).trimEnd())
}

function headline({ name, phase }: UpState, now: number): string {
  switch (phase.kind) {
    case 'starting':
      return `${name} starts`
    case 'running':
      return `${name} runs for ${humanAge(now - phase.since)}`
    case 'stopping':
      return `${name} stops`
    case 'stopped':
      return `${name} is stopped`
    case 'failed':
      return `${name} failed: ${phase.failure.message}`
  }
}

function stepLines(phase: ClusterPhase): readonly string[] {
  return phase.kind === 'starting'
    ? phase.steps.map(
        ({ name, status, detail, ms }) =>
          `  ${marks[status]} ${name.replaceAll('-', ' ').padEnd(14)} ${detail}${ms === undefined ? '' : ` (${Math.round(ms)} ms)`}`,
      )
    : []
}

function addressLines({ apiUrl, natsAddress, folder }: UpState): readonly string[] {
  return [
    ...(apiUrl === undefined ? [] : [`  API   ${apiUrl}`]),
    ...(natsAddress === undefined ? [] : [`  NATS  ${natsAddress}`]),
    `  Data  ${folder}`,
  ]
}

function nodeLines({ nodes, asOf, trouble }: UpState, now: number, room: number): readonly string[] {
  if (asOf === undefined) return []
  const [head = '', ...rows] = renderTable(liveColumns(now), nodes, { wide: false, hideHeader: false, head: (text) => text })
    .trimEnd()
    .split('\n')
  const shown = rows.slice(0, Math.max(1, room - 2))
  const more = rows.length - shown.length
  return [
    head,
    ...shown,
    ...(more > 0 ? [` … ${more} more: shoal node list`] : []),
    ...(trouble === undefined ? [] : [` as of ${humanAge(now - asOf)} ago: ${trouble}`]),
  ]
}
