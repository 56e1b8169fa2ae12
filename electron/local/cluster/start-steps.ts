import type { StartStep } from '../../../shared/cluster'
import type { HostReport, StepName } from '../../../shared/host-report'

/** What each step may take before a person should be told that it is late. Milliseconds. */
const limitsMs: Readonly<Record<StepName, number>> = {
  'data-directory': 5_000,
  ports: 5_000,
  'nats-server': 10_000,
  'state-log': 20_000,
  api: 10_000,
  handshake: 10_000,
  heartbeat: 5_000,
}
const orchestratorSteps: readonly StepName[] = ['data-directory', 'ports', 'nats-server', 'state-log', 'api']
const computeSteps: readonly StepName[] = ['handshake', 'heartbeat']

type StepReport = Extract<HostReport, { kind: 'step' }>

/** The steps of a start, none begun. Without compute nodes nobody shakes hands. */
export function stepsToCome(withComputeNode: boolean): readonly StartStep[] {
  const names = withComputeNode ? [...orchestratorSteps, ...computeSteps] : orchestratorSteps
  return names.map((name) => ({ name, status: 'to-come', detail: '', limitMs: limitsMs[name] }))
}

/** Which of a start's steps a host of this role speaks for; it may report others of its own. */
export function isStepOf(role: 'orchestrator' | 'compute', step: StepName): boolean {
  return (role === 'orchestrator' ? orchestratorSteps : computeSteps).includes(step)
}

/** The steps after one report. A step that is done stays done; a detail once told stays until a new one comes. */
export function withReport(steps: readonly StartStep[], report: StepReport, now: number): readonly StartStep[] {
  return steps.map((step) => {
    if (step.name !== report.step || step.status === 'done') return step
    const detail = report.detail === '' ? step.detail : report.detail
    if (report.status === 'begun') return { ...step, status: 'begun', detail, beganAt: step.beganAt ?? now }
    const ms = report.ms ?? (step.beganAt === undefined ? undefined : now - step.beganAt)
    return { ...step, status: report.status, detail, ...(ms === undefined ? {} : { ms }) }
  })
}

/** A node that is known to have joined has shaken hands and sent a heartbeat, whether or not its host has come to say so. */
export function withJoin(steps: readonly StartStep[], now: number): readonly StartStep[] {
  return steps.map((step) =>
    step.status === 'done' || !computeSteps.includes(step.name)
      ? step
      : { ...step, status: 'done', ...(step.beganAt === undefined ? {} : { ms: now - step.beganAt }) },
  )
}

/** A start that ends badly fails in the step that was on the way, or in the first that had not begun. */
export function withFailure(steps: readonly StartStep[], detail: string, now: number): readonly StartStep[] {
  if (steps.some((step) => step.status === 'failed')) return steps
  const broken = steps.find((step) => step.status === 'begun') ?? steps.find((step) => step.status === 'to-come')
  return steps.map((step) =>
    step === broken ? { ...step, status: 'failed', detail, ...(step.beganAt === undefined ? {} : { ms: now - step.beganAt }) } : step,
  )
}
