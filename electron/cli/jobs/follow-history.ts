import type { Client } from '../../client/http-client'
import { systemClock } from '../../process/clock'
import type { ShownHistory } from './job-answers'
import { rawItems } from './job-answers'

/** An entry of a history, checked, and as it came. */
interface FollowedEntry {
  readonly entry: ShownHistory
  readonly raw: unknown
}

interface FollowedHistory {
  readonly id: string
  readonly namespace?: string
  readonly version?: number
  readonly eventType?: string
  readonly executionId?: string
  readonly allVersions?: boolean
  readonly nextToken?: string
}

const PAGE = '10'
/** Milliseconds between two questions: short at first, because many jobs are. */
const waits = [50, 100, 200, 350, 500] as const

/** The history of a job as it grows, until nothing more can happen or `signal` is aborted. */
export async function* followHistory(
  client: Client,
  { id, namespace, version, eventType = 'all', executionId, allVersions, nextToken }: FollowedHistory,
  signal: AbortSignal,
): AsyncGenerator<FollowedEntry> {
  let token = nextToken
  let quiet = 0
  while (!signal.aborted) {
    const page = await client
      .ask('jobHistory', {
        params: { id },
        query: {
          namespace,
          event_type: eventType,
          limit: PAGE,
          next_token: token,
          execution_id: executionId,
          job_version: version === undefined || version === 0 ? undefined : String(version),
          all_job_versions: allVersions === true ? 'true' : undefined,
        },
        signal,
      })
      .catch((error: unknown) => {
        if (signal.aborted) return undefined
        throw error
      })
    if (page === undefined) return
    const items = page.value.Items ?? []
    const asTheyCame = rawItems(page.raw)
    for (const [index, entry] of items.entries()) yield { entry, raw: asTheyCame[index] }
    if (page.value.NextToken === '') return
    token = page.value.NextToken
    quiet = items.length > 0 ? 0 : quiet + 1
    if (String(items.length) !== PAGE) await systemClock.sleep(waits[Math.min(quiet, waits.length - 1)] ?? 500, signal)
  }
}
