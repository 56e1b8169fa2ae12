import { goTimeToMs } from '../../../shared/wire/times'
import type { JobRecord } from './job-state'

const known = new WeakMap<JobRecord, { readonly version: number; readonly at: number }>()

/** When the latest version of a job was submitted, in Unix milliseconds: the first entry of its history tells. */
export function submittedAt(record: JobRecord): number {
  const { latest, history } = record
  const kept = known.get(record)
  if (kept?.version === latest.Version) return kept.at
  const first = history.find(({ JobVersion }) => JobVersion === latest.Version)
  const at = (first === undefined ? undefined : goTimeToMs(first.Time)) ?? latest.CreateTime / 1_000_000
  known.set(record, { version: latest.Version, at })
  return at
}
