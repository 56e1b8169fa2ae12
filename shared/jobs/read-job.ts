import type { z } from 'zod'
import { AppError } from '../errors'
import { matchKeys } from '../go-json'
import { jobSpecSchema } from './job-spec'
import type { JobSpec } from './job-spec'
import { networkType } from './network-type'

/**
 * A job out of decoded JSON or YAML, read as leniently as Bacalhau reads it: keys in any case, `null` for anything that is missing.
 * @throws AppError `job.empty` for nothing at all, `job.unreadable` with Bacalhau's text for a value of the wrong kind
 */
export function readJob(input: unknown): JobSpec {
  if (input === undefined || input === null) throw new AppError('job.empty', 'empty/nil job', { hint: 'Send the job under the key Job.' })
  const read = jobSpecSchema.safeParse(matchKeys(jobSpecSchema, input))
  if (!read.success) throw unreadable(read.error, input)
  for (const { Network } of read.data.Tasks ?? []) {
    if (networkType(Network?.Type) !== undefined) continue
    const reason = `models.Network: unknown type '${Network?.Type ?? ''}'`
    throw new AppError('job.unreadable', `code=400, message=${reason}, internal=${reason}`, { hint: 'Use None, Host, HTTP, Bridge or Default.' })
  }
  return read.data
}

/** Names of Go's types at each path, where Bacalhau's text has them. Anything else is a string there. */
const goTypes: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'models.Job'],
  [/^(Priority|Count)$/, 'int'],
  [/^(Version|Revision)$/, 'uint64'],
  [/^(CreateTime|ModifyTime)$/, 'int64'],
  [/^(Meta|Labels)$|^Tasks\.Meta$/, 'map[string]string'],
  [/^Constraints$/, '[]*models.LabelSelectorRequirement'],
  [/^Constraints\.Values$/, '[]string'],
  [/^State$/, 'models.State[github.com/bacalhau-project/bacalhau/pkg/models.JobStateType]'],
  [/^State\.StateType$/, 'models.JobStateType'],
  [/^Tasks$/, '[]*models.Task'],
  [/^Tasks\.(Engine|Publisher)$|^Tasks\.InputSources\.Source$/, 'models.SpecConfig'],
  [/^Tasks\.Env/, 'models.EnvVarValue'],
  [/^Tasks\.InputSources$/, '[]*models.InputSource'],
  [/^Tasks\.ResultPaths$/, '[]*models.ResultPath'],
  [/^Tasks\.Resources$/, 'models.ResourcesConfig'],
  [/^Tasks\.Network$/, 'models.NetworkConfig'],
  [/^Tasks\.Network\.Type$/, 'models.Network'],
  [/^Tasks\.Timeouts$/, 'models.TimeoutConfig'],
  [/^Tasks\.Timeouts\.|^Tasks\.Network\.Ports\.(Static|Target)$/, 'int64'],
  [/Params$/, 'map[string]interface {}'],
]

/** What Bacalhau says of a value of the wrong kind, but for the offset in the text, which is not known here. */
function unreadable(error: z.ZodError, input: unknown): AppError {
  const path = error.issues[0]?.path ?? []
  const value = valueAt(input, path)
  if (value === null) {
    const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')
    return new AppError('job.unreadable', `Job${place} is null`, { hint: 'Fill it in or leave it out.' })
  }
  const names = path.filter((key) => typeof key === 'string')
  const place = names.join('.').replace(/^(Tasks\.Env|Tasks\.Meta|Meta|Labels)\..*$/, '$1')
  // The place of an entry is that of the map or list that it is in; its type is its own.
  const isEntry = typeof path.at(-1) === 'number' || place !== names.join('.')
  const whole = goTypes.find(([pattern]) => pattern.test(place))?.[1] ?? 'string'
  const expected = isEntry ? whole.replace(/^(\[\]\*?|map\[string\])/, '') : whole
  // Go reads the count apart from all the rest, through an alias of the type.
  const field = place === '' ? 'Job' : place === 'Count' ? 'Job.Count' : `Job.alias.${place}`
  const got = kindOf(value, expected)
  const kind = got.split(' ')[0] === 'number' ? got : (got.split(' ')[0] ?? got)
  const internal = `json: cannot unmarshal ${got} into Go struct field PutJobRequest.${field} of type ${expected}`
  return new AppError(
    'job.unreadable',
    `code=400, message=Unmarshal type error: expected=${expected}, got=${kind}, field=${field}, internal=${internal}`,
  )
}

function kindOf(value: unknown, expected: string): string {
  if (typeof value === 'number') return /^u?int/.test(expected) ? `number ${value}` : 'number'
  if (typeof value === 'boolean') return 'bool'
  return Array.isArray(value) ? 'array' : typeof value
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    if (Array.isArray(inner)) return inner[Number(key)] as unknown
    if (typeof inner !== 'object' || inner === null) return undefined
    const name = Object.keys(inner).find((candidate) => candidate.toLowerCase() === String(key).toLowerCase())
    return name === undefined ? undefined : (inner as Readonly<Record<string, unknown>>)[name]
  }, value)
}
