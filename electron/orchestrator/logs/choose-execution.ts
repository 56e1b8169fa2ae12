import { isDiscardedExecution } from '../../../shared/models/execution-state'
import { AppError } from '../../../shared/errors'
import type { JobRecord, StoredExecution } from '../jobs/job-state'

/**
 * The execution whose output is shown: the one named, else the one that changed last and has not failed.
 * @throws AppError `NotFound`, in Bacalhau's words
 */
export function chooseExecution(
  { id, latest, executions }: JobRecord,
  asked: { readonly execution: string; readonly version: number },
): StoredExecution {
  const candidates = [...executions.values()].filter(({ JobVersion }) => asked.version === 0 || JobVersion === asked.version)
  const failed = (reason: string): AppError => new AppError('NotFound', `failed to open log stream for job ${id}: ${reason}`)
  if (candidates.length === 0) throw failed(`no executions found for job ${latest.Name} with ID ${id}, and version ${String(asked.version)}`)
  const chosen =
    asked.execution === ''
      ? candidates.filter((execution) => !isDiscardedExecution(execution)).reduce<StoredExecution | undefined>(newer, undefined)
      : candidates.find(({ ID }) => ID === asked.execution)
  if (chosen === undefined) throw failed(`unable to find execution ${asked.execution} in job ${id} and job version ${String(latest.Version)}`)
  return chosen
}

function newer(best: StoredExecution | undefined, execution: StoredExecution): StoredExecution {
  return best === undefined || execution.ModifyTime >= best.ModifyTime ? execution : best
}
