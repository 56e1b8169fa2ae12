import type { StartStep } from '../../../shared/cluster'
import type { NodeRow } from '../../../shared/models/node-row'
import { tellChange } from './node-line'
import type { UpState } from './up-screen'

/** What is worth a line of its own between two states, for output that nobody redraws: a pipe, a log. */
export function linesBetween(before: UpState | undefined, after: UpState, now: number): readonly string[] {
  return [...steps(before, after), ...phase(before, after), ...notices(before, after), ...nodes(before, after, now), ...trouble(before, after)]
}

function steps(before: UpState | undefined, after: UpState): readonly string[] {
  if (after.phase.kind !== 'starting') return []
  const known: readonly StartStep[] = before?.phase.kind === 'starting' ? before.phase.steps : []
  return after.phase.steps
    .filter((step) => (step.status === 'done' || step.status === 'failed') && known.find(({ name }) => name === step.name)?.status !== step.status)
    .map(
      ({ name, status, detail, ms }) =>
        `${name.replaceAll('-', ' ')} ${status === 'done' ? 'done' : 'FAILED'}${detail === '' ? '' : `: ${detail}`}${ms === undefined ? '' : ` (${Math.round(ms)} ms)`}`,
    )
}

function phase(before: UpState | undefined, after: UpState): readonly string[] {
  const { name, apiUrl, natsAddress, folder, join } = after
  if (before?.phase.kind === after.phase.kind) return []
  switch (after.phase.kind) {
    case 'starting':
      return [`${name} starts in ${folder}`]
    case 'running':
      return [`${name} runs: API ${apiUrl ?? ''}, NATS ${natsAddress ?? ''}`, ...join]
    case 'stopping':
      return [`${name} stops`]
    case 'stopped':
      return before === undefined ? [] : [`${name} is stopped`]
    case 'failed':
      return [`${name} failed: ${after.phase.failure.message}`]
  }
}

function notices(before: UpState | undefined, after: UpState): readonly string[] {
  return after.notices.filter((notice) => before?.notices.includes(notice) !== true)
}

function nodes(before: UpState | undefined, after: UpState, now: number): readonly string[] {
  if (before?.nodes === after.nodes) return []
  const known = new Map((before?.nodes ?? []).map((row): [string, NodeRow] => [row.state.Info.NodeID, row]))
  const told = after.nodes.flatMap((row) => tellChange(known.get(row.state.Info.NodeID), row, now) ?? [])
  const present = new Set(after.nodes.map((row) => row.state.Info.NodeID))
  return [...told, ...[...known.keys()].filter((id) => !present.has(id)).map((id) => `${id} is forgotten`)]
}

function trouble(before: UpState | undefined, after: UpState): readonly string[] {
  const wanted = after.phase.kind === 'running' && after.trouble !== undefined && after.trouble !== before?.trouble
  return wanted ? [`the list of nodes is getting old: ${after.trouble}`] : []
}
