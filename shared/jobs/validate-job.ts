import { formatDuration } from '../duration'
import { jobTypes } from '../models/job'
import type { Job, JobType, Task } from '../models/job'
import { constraintFaults } from './constraints'
import type { JobSpec, TaskSpec } from './job-spec'
import { networkFaults } from './network-faults'
import { quantityFaults } from './task-resources'

/** Each partition is looked at whenever one of them ends, and its execution is kept as long as the job. */
export const MOST_PARTITIONS = 100_000

/** In lower case only, as Bacalhau. */
export function isJobType(text: string | undefined): text is JobType {
  return jobTypes.some((type) => type === text)
}

/** What is wrong with a job as it was sent, in Bacalhau's words and order; several are joined by newlines to one message. Empty: all well. */
export function submissionFaults(spec: JobSpec): string[] {
  const { Type = '', Count = 1, Constraints = [], Tasks = [] } = spec
  const faults: string[] = []
  if (Type === '') faults.push('missing job type')
  else if (!isJobType(Type)) faults.push(`invalid job type: ${JSON.stringify(Type)}`)
  if (Count < 0) faults.push('job count must be >= 0')
  if (Count > MOST_PARTITIONS) faults.push(`job count must be <= ${MOST_PARTITIONS}`)
  if (Count > 1 && (Type === 'daemon' || Type === 'ops')) faults.push(`${Type} jobs cannot specify count > 1 as they run on all matching nodes`)
  if (Tasks.length === 0) faults.push('missing job tasks')
  for (const [index, constraint] of Constraints.entries()) {
    faults.push(...under(`constraint ${index + 1} validation failed`, constraintFaults(constraint)))
  }
  for (const task of Tasks) faults.push(...under(`task ${task.Name ?? ''} validation failed`, taskFaults(task)))
  return faults
}

/** What is wrong with a job that is to be stored, when all defaults have been filled in. `submissionFaults` comes first. */
export function storeFaults(job: Job): string[] {
  const faults: string[] = []
  if (blank(job.ID)) faults.push('missing job ID')
  if (/\s/.test(job.ID)) faults.push('job ID contains a space')
  if (job.ID.includes('\0')) faults.push('job ID contains a null character')
  if (blank(job.Name)) faults.push('missing job name')
  if (job.Name.includes('\0')) faults.push('job Name contains a null character')
  if (blank(job.Namespace)) faults.push('job must be in a namespace')
  for (const task of job.Tasks) faults.push(...under(`task ${task.Name} validation failed`, storedTaskFaults(task)))
  return faults
}

const blank = (text: string | undefined): boolean => (text ?? '').trim() === ''

/** Several faults under one heading, as Go's joined errors print: the heading stands before the first. */
function under(heading: string, faults: readonly string[]): string[] {
  return faults.length === 0 ? [] : [`${heading}: ${faults.join('\n')}`]
}

function storedTaskFaults({ ResultPaths = [], Publisher, Timeouts }: Task): string[] {
  const faults: string[] = []
  if (ResultPaths.length > 0 && Publisher.Type === '') faults.push('publisher must be set if result paths are set')
  const { ExecutionTimeout = 0, QueueTimeout = 0, TotalTimeout = 0 } = Timeouts
  if (TotalTimeout > 0 && ExecutionTimeout + QueueTimeout > TotalTimeout) {
    const execution = seconds(ExecutionTimeout > 0 ? ExecutionTimeout : TotalTimeout)
    faults.push(
      `task timeouts validation failed: execution timeout ${execution} and queue timeout ${seconds(QueueTimeout)} should be less than total timeout ${seconds(TotalTimeout)}`,
    )
  }
  return faults
}

const seconds = (count: number): string => formatDuration(count * 1000)

function taskFaults(task: TaskSpec): string[] {
  return [
    ...(blank(task.Name) ? ['missing task name'] : []),
    ...((task.Name ?? '').includes('\0') ? ['task name cannot contain null characters'] : []),
    ...environmentFaults(task.Env ?? {}),
    ...under('invalid engine', engineFaults(task.Engine)),
    ...under('invalid timeouts', timeoutFaults(task.Timeouts ?? {})),
    ...under('invalid resources', quantityFaults(task.Resources ?? {})),
    ...under('invalid input sources', inputFaults(task.InputSources ?? [])),
    ...under('invalid output', resultFaults(task.ResultPaths ?? [])),
    ...repeatedInputs(task.InputSources ?? []),
    ...repeatedResults(task.ResultPaths ?? []),
    ...under('invalid network', networkFaults(task.Network ?? {})),
  ]
}

function engineFaults(engine: TaskSpec['Engine']): string[] {
  if (engine === undefined) return ['nil spec config']
  return blank(engine.Type) ? ['missing spec type'] : []
}

/** The first fault only, as in Bacalhau; there the map's order decides which. */
function environmentFaults(env: Readonly<Record<string, string | null>>): string[] {
  for (const [name, value] of Object.entries(env)) {
    const variable = `environment variable '${name}'`
    if (name === '') return ['environment variable name cannot be empty']
    if (name !== name.toUpperCase()) return [`${variable} must be uppercase`]
    if (!/^\p{L}/u.test(name)) return [`${variable} must start with a letter`]
    if (!/^[\p{L}\p{Nd}_]+$/u.test(name)) return [`${variable} can only contain letters, numbers, and underscores`]
    if (name.startsWith('BACALHAU_')) return [`${variable} cannot start with BACALHAU_`]
    if (value === null || value === '') return [`${variable} cannot have empty value`]
  }
  return []
}

/** Bacalhau prints a negative execution timeout as the total timeout that stands in for it. */
function timeoutFaults({ ExecutionTimeout = 0, QueueTimeout = 0, TotalTimeout = 0 }: NonNullable<TaskSpec['Timeouts']>): string[] {
  return [
    ...(ExecutionTimeout < 0 ? [`invalid execution timeout value: ${seconds(TotalTimeout)}`] : []),
    ...(QueueTimeout < 0 ? [`invalid queue timeout value: ${seconds(QueueTimeout)}`] : []),
    ...(TotalTimeout < 0 ? [`invalid total timeout value: ${seconds(TotalTimeout)}`] : []),
  ]
}

function inputFaults(inputs: NonNullable<TaskSpec['InputSources']>): string[] {
  return inputs.flatMap(({ Source, Target }) => [
    ...(blank(Target) ? ['input source is missing a target'] : []),
    ...under('invalid input source', engineFaults(Source)),
  ])
}

function resultFaults(results: NonNullable<TaskSpec['ResultPaths']>): string[] {
  return results.flatMap(({ Name, Path = '' }) => [
    ...(blank(Path) ? ['missing path'] : []),
    ...(blank(Name) ? ['missing name'] : []),
    ...(blank(Path) || Path.startsWith('/') ? [] : [`result path \`${Path}\` must be absolute`]),
  ])
}

function repeatedInputs(inputs: NonNullable<TaskSpec['InputSources']>): string[] {
  const aliases = new Set<string>()
  const targets = new Set<string>()
  for (const { Alias = '', Target = '' } of inputs) {
    if (isRepeated(aliases, Alias.trim())) return [`input source with alias '${Alias}' already exists`]
    if (isRepeated(targets, Target.trim())) return [`input source with target '${Target}' already exists`]
  }
  return []
}

function repeatedResults(results: NonNullable<TaskSpec['ResultPaths']>): string[] {
  const names = new Set<string>()
  const paths = new Set<string>()
  for (const { Name = '', Path = '' } of results) {
    if (isRepeated(names, Name.trim())) return [`result path with name '${Name}' already exists`]
    if (isRepeated(paths, Path.trim())) return [`result path '${Path}' already exists`]
  }
  return []
}

function isRepeated(seen: Set<string>, text: string): boolean {
  if (text === '') return false
  if (seen.has(text)) return true
  seen.add(text)
  return false
}
