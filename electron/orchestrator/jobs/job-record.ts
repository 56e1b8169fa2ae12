import { AppError } from '../../../shared/errors'
import type { Change } from '../scheduling/plan'

/** What the ledger holds of one transaction on jobs. */
export interface JobsEntry {
  readonly kind: 'jobs'
  /** Unix milliseconds. */
  readonly at: number
  readonly changes: readonly Change[]
}

/** Whether a stored record is one of ours; its changes are trusted as far as their kinds go. */
export function isJobsEntry(record: unknown): record is JobsEntry {
  return (
    typeof record === 'object' &&
    record !== null &&
    'kind' in record &&
    record.kind === 'jobs' &&
    'changes' in record &&
    Array.isArray(record.changes)
  )
}

const knownChanges = new Set([
  'put:job',
  'put:execution',
  'put:evaluation',
  'put:dead-letter',
  'patch:job',
  'patch:execution',
  'add:history',
  'drop:evaluation',
  'drop:job',
])

/** @throws AppError `ledger.broken` for a change that this version does not know. */
export function checkChanges({ changes }: JobsEntry, sequence: number): void {
  for (const change of changes) {
    const [action, what] = Object.entries(change)[0] ?? []
    if (knownChanges.has(`${String(action)}:${String(what)}`)) continue
    throw new AppError('ledger.broken', `Record ${String(sequence)} of the stored state is none that this version knows.`, {
      hint: 'Start the version of Shoal that wrote it, or restore the data directory from a backup.',
    })
  }
}
