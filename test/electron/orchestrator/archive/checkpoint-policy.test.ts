import { expect, it } from 'vitest'
import { isCheckpointDue, usualCheckpointLimits } from '../../../../electron/orchestrator/archive/checkpoint-policy'

const hour = 3_600_000
const since = { records: 10, bytes: 10_000, news: 3, thawed: 0, ageMs: 60_000, whole: 0 }

it.each([
  ['little has happened', {}, false],
  ['there is much to read again', { records: 3000 }, true],
  ['there is much to read again, but more to write', { records: 3000, whole: 1 }, false],
  ['there is more to read again than to write', { records: 13_000, whole: 10_000 }, true],
  ['what there is, is large', { bytes: 16 * 1024 * 1024 }, true],
  ['it is quiet, and worth it', { records: 500, news: 0 }, true],
  ['it is quiet, and too much for what there is', { records: 500, news: 0, whole: 1 }, false],
  ['it is not quiet', { records: 500 }, false],
  ['it is quiet, and not worth it', { records: 499, news: 0 }, false],
  ['many archived jobs were deleted', { thawed: 1000 }, true],
  ['the last one is long ago', { ageMs: hour }, true],
  ['nothing at all has happened', { records: 0, news: 0, thawed: 5000, ageMs: 5 * hour }, false],
])('%s', (_, change, due) => {
  expect(isCheckpointDue({ ...since, ...change }, usualCheckpointLimits)).toBe(due)
})
