import { toFailure } from '../../shared/errors'
import type { HostReport, StepName } from '../../shared/host-report'

/** Reports the named steps of a start, with how long each took. */
export interface Steps {
  /** Runs `action` as a step; `detail` is shown beside it ("4222 NATS, 1234 API"). A failure is reported and thrown on. */
  run<Value>(step: StepName, action: () => Promise<Value>, detail: (value: Value) => string): Promise<Value>
  begin(step: StepName, detail: string): void
  /** Ends a step that was begun. */
  end(step: StepName, detail: string): void
}

/** Tells each step of a start, with its time in milliseconds. */
export function createSteps(report: (report: HostReport) => void, monotonicMs: () => number): Steps {
  const began = new Map<StepName, number>()
  const begin = (step: StepName, detail: string): void => {
    began.set(step, monotonicMs())
    report({ kind: 'step', step, status: 'begun', detail })
  }
  const finish = (step: StepName, status: 'done' | 'failed', detail: string): void => {
    const since = began.get(step)
    began.delete(step)
    report({ kind: 'step', step, status, detail, ...(since === undefined ? {} : { ms: Math.round((monotonicMs() - since) * 10) / 10 }) })
  }
  return {
    run: async (step, action, detail) => {
      begin(step, '')
      try {
        const value = await action()
        finish(step, 'done', detail(value))
        return value
      } catch (error) {
        finish(step, 'failed', toFailure(error).message)
        throw error
      }
    },
    begin,
    end: (step, detail) => {
      if (began.has(step)) finish(step, 'done', detail)
    },
  }
}
