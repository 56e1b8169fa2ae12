import type { MessageIndex } from '../dispatch/message-index'
import type { JobCore } from '../jobs/job-core'
import type { JobRecord, JobState } from '../jobs/job-state'
import { ArchivedRecord, bodyOf, rowOf } from './archived-record'
import type { JobBody, RecordLoader } from './archived-record'
import type { Archive } from './state-files'

/** `archive`, `state` and `messages` are asked for anew each time, since they may be replaced. */
export interface PutAwayOptions {
  readonly archive: () => Archive
  readonly core: Pick<JobCore, 'durable'>
  readonly state: () => JobState
  readonly messages: () => MessageIndex
  /** Whether no node needs to be told anything about this job any more. */
  readonly isSettled: (record: JobRecord) => boolean
  readonly loader: RecordLoader
  readonly isStopped: () => boolean
}

/** So many jobs, or bytes, are written in one go: others get their turn in between. */
const jobsAtOnce = 50
const bytesAtOnce = 1024 * 1024

/**
 * Moves ended jobs into the archive, a group at a time, once all that led to their end is durable and told. Nothing of it counts before the
 * next checkpoint: until then the ledger still has them.
 */
export async function putEndedAway(options: PutAwayOptions): Promise<void> {
  const { core, state, isSettled, isStopped } = options
  const ids = [...state().ended]
  for (let at = 0; at < ids.length && !isStopped(); at += jobsAtOnce) {
    const before = ids
      .slice(at, at + jobsAtOnce)
      .flatMap((id) => state().job(id) ?? [])
      .filter(isSettled)
      .map((record) => ({ record, body: bodyOf(record) }))
    await core.durable()
    put(
      options,
      before.filter(({ record, body }) => state().job(record.id) === record && isSettled(record) && isSame(body, bodyOf(record))),
    )
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Takes jobs out of the archive that were deleted, or live again. */
export function dropThawed(archive: Archive, state: JobState): void {
  for (const id of state.thawed) archive.drop(id)
  state.thawed.clear()
}

/** Gives back what room dropped jobs leave, once there is enough of it. */
export async function compactArchive({ archive, state, loader, isStopped }: PutAwayOptions): Promise<void> {
  for (;;) {
    // In the same turn: a job that lives again must not be taken for an archived one.
    dropThawed(archive(), state())
    if (!archive().isWasteful || isStopped()) return
    archive().compact((row) => state().archive(new ArchivedRecord(row, loader.load)), bytesAtOnce)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function put({ archive, state, messages, loader }: PutAwayOptions, ended: readonly { readonly record: JobRecord; readonly body: JobBody }[]): void {
  dropThawed(archive(), state())
  const rows = archive().add(ended.map(({ record, body }) => ({ row: rowOf(record), body: JSON.stringify(body) })))
  for (const [index, row] of rows.entries()) {
    const record = ended[index]?.record
    if (record === undefined) continue
    for (const execution of record.executions.keys()) messages().forget(execution)
    loader.keep(row, record)
    state().archive(new ArchivedRecord(row, loader.load))
  }
}

/** Jobs and executions are never changed in place. */
function isSame(a: JobBody, b: JobBody): boolean {
  const same = (one: readonly unknown[], other: readonly unknown[]): boolean =>
    one.length === other.length && one.every((item, index) => item === other[index])
  return a.lastSeq === b.lastSeq && same(a.versions, b.versions) && same(a.executions, b.executions)
}
