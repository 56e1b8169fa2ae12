import type { ShownHistory } from './job-answers'

/**
 * Which events a person who waits is shown: the first one, everything of executions, and errors of the job itself as long as no execution told one.
 * A new filter for each run.
 */
export function createEventFilter(): (entry: ShownHistory) => boolean {
  let shown = 0
  let executionFailed = false
  return (entry) => {
    const isError = entry.Event.Details?.['IsError'] === 'true'
    const ofExecution = entry.Type === 'ExecutionLevel'
    if (ofExecution && isError) executionFailed = true
    const show = shown === 0 || ofExecution || (isError && !executionFailed)
    if (show) shown += 1
    return show
  }
}
