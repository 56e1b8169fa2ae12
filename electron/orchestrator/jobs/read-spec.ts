import { createHash } from 'node:crypto'
import type { Config } from '../../../shared/config/schema'
import { parseDuration } from '../../../shared/duration'
import { AppError } from '../../../shared/errors'
import { shippedDefaults } from '../../../shared/jobs/apply-defaults'
import type { JobDefaults } from '../../../shared/jobs/apply-defaults'
import { prepareJob } from '../../../shared/jobs/prepare-job'
import { readJob } from '../../../shared/jobs/read-job'
import type { Job } from '../../../shared/models/job'
import { ApiError, malformed } from '../../http/reply/api-error'
import { askForBidBytes } from '../dispatch/ask-for-bid'

/** What an orchestrator adds to specs. */
export interface SpecReader {
  readonly nodeId: string
  /** `JobDefaults` of the configuration; what Bacalhau ships where there is none. */
  readonly defaults: () => Config['JobDefaults'] | undefined
  readonly newId: () => string
}

/** NATS takes messages of 1 MiB; what is stored of a job beside its request must fit into one, too. */
const largestMessage = 1024 * 1024 - 8 * 1024
/** No request of so many bytes becomes a message that is too large, whatever of it is escaped and added: no need to measure it. */
const surelySmall = 64 * 1024

/**
 * A submitted job, read, checked and completed; its server's fields are still empty.
 * @throws ApiError 400, in Bacalhau's words
 */
export function readSpec(
  input: unknown,
  { nodeId, defaults, newId }: SpecReader,
  header: (name: string) => string | undefined,
  { nameRequired = false }: { readonly nameRequired?: boolean } = {},
): { readonly job: Job; readonly warnings: string[] } {
  try {
    if (nameRequired && (readJob(input).Name ?? '') === '') throw malformed('invalid job spec: name is missing')
    const { job, warnings } = prepareJob(input, {
      defaults: jobDefaults(defaults()),
      newId,
      meta: metaOf(nodeId, header),
    })
    const bytes = Number(header('Content-Length')) <= surelySmall ? 0 : askForBidBytes(job)
    if (bytes > largestMessage) {
      throw new ApiError(
        'BadRequest',
        `job is too large: a request to a node would take ${String(bytes)} bytes, at most ${String(largestMessage)} are possible`,
        {
          component: 'JobStore',
          hint: 'Put large inputs where nodes can fetch them (a URL, a directory of the node) in place of inline data.',
        },
      )
    }
    return { job, warnings }
  } catch (error) {
    if (error instanceof ApiError || !(error instanceof AppError)) throw error
    if (error.code === 'job.incomplete') throw new ApiError('BadRequest', error.message, { component: 'JobStore' })
    throw malformed(error.message)
  }
}

/** Who made the job, and through whom it came. */
function metaOf(nodeId: string, header: (name: string) => string | undefined): Record<string, string> {
  const [installation = '', instance = ''] = [header('X-Bacalhau-InstallationID'), header('X-Bacalhau-Instanceid')]
  return {
    ...(installation === '' ? {} : { 'bacalhau.org/client.installation.id': installation }),
    ...(instance === '' ? {} : { 'bacalhau.org/client.instance.id': instance }),
    'bacalhau.org/orchestrator.id': nodeId,
    'bacalhau.org/requester.id': nodeId,
    'bacalhau.org/server.instance.id': instanceOf(nodeId),
  }
}

const instances = new Map<string, string>()

function instanceOf(nodeId: string): string {
  let instance = instances.get(nodeId)
  if (instance === undefined) instances.set(nodeId, (instance = createHash('sha256').update(nodeId).digest('hex')))
  return instance
}

const knownDefaults = new WeakMap<Config['JobDefaults'], JobDefaults>()

function jobDefaults(config: Config['JobDefaults'] | undefined): JobDefaults {
  if (config === undefined) return shippedDefaults
  let read = knownDefaults.get(config)
  if (read === undefined) knownDefaults.set(config, (read = readDefaults(config)))
  return read
}

function readDefaults(config: Config['JobDefaults']): JobDefaults {
  const seconds = (duration: string): number => Math.ceil(parseDuration(duration) / 1000)
  const ending = ({ Priority, Task }: Config['JobDefaults']['Batch']) => ({
    Priority,
    Task: {
      ...Task,
      Timeouts: { ExecutionTimeout: seconds(Task.Timeouts.ExecutionTimeout), TotalTimeout: seconds(Task.Timeouts.TotalTimeout) },
    },
  })
  return { Batch: ending(config.Batch), Ops: ending(config.Ops), Service: config.Service, Daemon: config.Daemon }
}
