import type { TrimmableLedger } from '../ledger/ledger'
import { ArchivedRecord, createLoader, recordOf } from './archive/archived-record'
import type { Archive, StateFiles } from './archive/state-files'
import { dispatchesOf } from './dispatch/dispatcher'
import { MessageIndex } from './dispatch/message-index'
import { checkChanges, isJobsEntry } from './jobs/job-record'
import { JobState } from './jobs/job-state'
import { replayJournal } from './nodes/journal'
import { Registry } from './nodes/registry'

/** Everything about jobs that is stored, with the messages to nodes that it has caused. */
export interface StoredJobs {
  readonly state: JobState
  readonly messages: MessageIndex
}

/** All that was read at a start. */
export interface StoredState {
  readonly registry: Registry
  readonly jobs: StoredJobs
  readonly archive: Archive
  /** Record of the ledger up to which the last checkpoint goes. */
  readonly checkpoint: number
}

/**
 * Folds everything that is stored: the last checkpoint, the archive of ended jobs, and what the ledger holds behind that.
 * @throws AppError `ledger.broken`, `checkpoint.broken`, `archive.broken`
 */
export async function readStoredState(ledger: TrimmableLedger, files: StateFiles): Promise<StoredState> {
  const registry = new Registry()
  const state = new JobState()
  const messages = new MessageIndex()
  const checkpoint = files.readCheckpoint()
  const archive = files.openArchive(checkpoint?.archive)
  try {
    if (checkpoint !== undefined) {
      for (const change of checkpoint.nodes) registry.apply(change)
      const { load } = createLoader((row) => archive.read(row))
      for (const row of archive.rows.values()) state.archive(new ArchivedRecord(row, load))
      for (const body of checkpoint.jobs) state.restore(recordOf(body))
      state.sort()
      for (const evaluation of checkpoint.evaluations) state.evaluations.set(evaluation.id, evaluation)
      for (const letter of checkpoint.deadLetters) state.deadLetters.set(letter.jobId, letter)
      for (const [id, numbers] of checkpoint.messages) messages.set(id, numbers)
    }
    await replayJournal({ replay: (onRecord) => ledger.replay(onRecord, checkpoint?.position) }, registry, (record, sequence) => {
      if (!isJobsEntry(record)) return false
      checkChanges(record, sequence)
      for (const dispatch of dispatchesOf(state.apply(record.changes), sequence)) messages.note(dispatch)
      return true
    })
    // Not before: what cannot be read to its end is left as it was found.
    archive.claim()
  } catch (error) {
    archive.close()
    throw error
  }
  return { registry, jobs: { state, messages }, archive, checkpoint: checkpoint?.position.sequence ?? 0 }
}
