import { AppError } from '../../../shared/errors'
import type { JobSpec } from '../../../shared/jobs/job-spec'
import { readJob } from '../../../shared/jobs/read-job'
import { submissionFaults } from '../../../shared/jobs/validate-job'
import { closest } from '../../../shared/config/closest'

const allowed = ['Name', 'Namespace', 'Type', 'Priority', 'Count', 'Constraints', 'Meta', 'Labels', 'Tasks']
/** Fields that only an orchestrator may fill in. */
const refused = new Set(['id', 'state', 'version', 'revision', 'createtime', 'modifytime'])

/** A job out of the text of a file, JSON or YAML, checked as far as that can be done without a server. Throws `job.*` errors, which name the fault. */
export async function readJobSpec(text: string): Promise<JobSpec> {
  const data = await parseText(text)
  const [unknown] = Object.keys(data).filter((key) => !allowed.some((one) => one.toLowerCase() === key.toLowerCase()))
  if (unknown !== undefined) throw refuseKey(unknown)
  return checkedSpec(data)
}

/** A job as it is sent, after the checks that every job must pass. Throws `job.unreadable` and `job.invalid`. */
export function checkedSpec(data: unknown): JobSpec {
  const spec = readInOwnWords(data)
  const faults = submissionFaults(spec)
  if (faults.length === 0) return spec
  throw new AppError('job.invalid', faults.join('\n'), { hint: 'Correct the job and try again.' })
}

async function parseText(text: string): Promise<object> {
  if (text.trim() === '') throw new AppError('job.empty', 'no content provided', { hint: 'Name a file that holds a job, as YAML or JSON.' })
  const { parse, YAMLError } = await import('yaml')
  let data: unknown
  try {
    data = parse(text, { merge: true, prettyErrors: true, logLevel: 'error' })
  } catch (error) {
    if (error instanceof YAMLError && error.code === 'MULTIPLE_DOCS')
      throw new AppError('job.unreadable', `it holds several documents: another one begins at line ${error.linePos?.[0].line ?? '?'}.`, {
        hint: 'Put each job into a file of its own.',
        cause: error,
      })
    if (!(error instanceof YAMLError)) throw error
    throw new AppError('job.unreadable', (error.message.split('\n')[0] ?? '').replace(/:$/, '.'), {
      hint: 'A job is one document of YAML or JSON; look at the line that is named, and the one before.',
      cause: error,
    })
  }
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data
  throw new AppError('job.unreadable', `it holds ${Array.isArray(data) ? 'a list' : JSON.stringify(data)} where the fields of a job are expected.`, {
    hint: 'Begin with the fields of a job, such as "Type: batch".',
  })
}

function refuseKey(key: string): AppError {
  if (refused.has(key.toLowerCase()))
    return new AppError('job.field-not-allowed', `field: '${key}' in 'Job' is not allowed`, { hint: 'Leave it out: the orchestrator fills it in.' })
  const meant = closest(key, allowed)
  return new AppError('job.unknown-field', `unknown field: '${key}' in 'Job'${meant === undefined ? '' : `. Did you mean ${meant}?`}`, {
    hint: `A job has ${allowed.join(', ')}.`,
  })
}

/** What is read says its faults as an HTTP answer does; here the place and the kinds are enough. */
function readInOwnWords(data: unknown): JobSpec {
  try {
    return readJob(data)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const [, expected = '', got = '', field = ''] = /expected=(.*), got=(.*), field=([^,]*),/.exec(error.message) ?? []
    const plain =
      field === '' ? (/message=([^,]*)/.exec(error.message)?.[1] ?? error.message) : `${placeOf(field)} must be ${kindOf(expected)}, not ${got}`
    throw new AppError(error.code, plain, { ...(error.hint === undefined ? {} : { hint: error.hint }), cause: error })
  }
}

/** Bacalhau names the map or the list for what is wrong with one of its entries. */
function placeOf(field: string): string {
  const place = field.replace(/^Job\.(alias\.)?/, '')
  return /(^|\.)(Meta|Labels|Env|Values)$/.test(place) ? `every value of ${place}` : place
}

function kindOf(goType: string): string {
  if (goType === 'string' || goType === 'models.EnvVarValue') return 'a string'
  if (/^u?int/.test(goType)) return 'a whole number'
  return goType.startsWith('[]') ? 'a list' : goType.startsWith('map') || goType.startsWith('models.') ? 'a group of fields' : goType
}
