import { AppError } from '../errors'
import type { InputSource, Job, JobType, Network, ResourcesSpec, SpecConfig, Task, Timeouts } from '../models/job'
import { normaliseQuantity } from '../quantity'
import type { JobSpec, NetworkSpec, TaskSpec } from './job-spec'
import { networkType } from './network-type'
import { isJobType } from './validate-job'

/** Bacalhau keeps these keys of `Meta` for itself. */
export const reservedMeta = 'bacalhau.org/'

/**
 * A job in Bacalhau's normal form: what is empty is left out or stands as an empty object, exactly as its API shows it, and what only the
 * server may set is gone, with a warning for each.
 * @param spec without `submissionFaults`
 */
export function normalizeJob(spec: JobSpec): { readonly job: Job; readonly warnings: string[] } {
  const type = spec.Type
  if (!isJobType(type)) throw new AppError('job.invalid', `invalid job type: ${JSON.stringify(type ?? '')}`)
  const id = keepsId(type) ? (spec.ID ?? '') : ''
  const job: Job = {
    ID: id,
    Name: isEmpty(spec.Name) ? id : (spec.Name ?? ''),
    Namespace: isEmpty(spec.Namespace) ? 'default' : (spec.Namespace ?? ''),
    Type: type,
    Priority: spec.Priority ?? 0,
    Count: type === 'daemon' || type === 'ops' ? 0 : (spec.Count ?? 1),
    Constraints: (spec.Constraints ?? []).map(({ Key = '', Operator = '', Values = [] }) => ({
      Key,
      Operator,
      ...(Values.length === 0 ? {} : { Values }),
    })),
    Meta: Object.fromEntries(Object.entries(textMap(spec.Meta)).filter(([key]) => !key.startsWith(reservedMeta))),
    Labels: textMap(spec.Labels),
    Tasks: (spec.Tasks ?? []).slice(0, 1).map(normalizeTask),
    State: { StateType: 'Undefined' },
    Version: 0,
    Revision: 0,
    CreateTime: 0,
    ModifyTime: 0,
  }
  return { job, warnings: warningsOf(spec, type) }
}

const isEmpty = (text: string | undefined): boolean => text === undefined || text === ''
const keepsId = (type: JobType): boolean => type === 'service' || type === 'daemon'

const stateWords = new Set(['pending', 'queued', 'running', 'completed', 'failed', 'stopped'])

/** In the order in which Bacalhau gives them. */
function warningsOf(spec: JobSpec, type: JobType): string[] {
  const ignored = (what: string): string => `job ${what} is ignored when submitting a job`
  return [
    ...(stateWords.has((spec.State?.StateType ?? '').toLowerCase()) ? [ignored('state')] : []),
    ...((spec.Revision ?? 0) !== 0 ? [ignored('revision')] : []),
    ...((spec.Version ?? 0) !== 0 ? [ignored('version')] : []),
    ...((spec.CreateTime ?? 0) !== 0 ? [ignored('create time')] : []),
    ...((spec.ModifyTime ?? 0) !== 0 ? [ignored('modify time')] : []),
    ...(!keepsId(type) && !isEmpty(spec.ID) ? ['job ID is ignored when submitting a batch job'] : []),
    ...((spec.Tasks ?? []).length > 1 ? ['only one task is supported per job'] : []),
    ...Object.keys(spec.Meta ?? {})
      .filter((key) => key.startsWith(reservedMeta))
      .map((key) => `job meta key ${JSON.stringify(key)} is reserved and will be ignored`),
  ]
}

function textMap(map: Readonly<Record<string, string | null>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(map ?? {}).map(([key, value]) => [key, value ?? '']))
}

function normalizeTask(task: TaskSpec): Task {
  const env = textMap(task.Env)
  const meta = textMap(task.Meta)
  const inputs = (task.InputSources ?? []).map(({ Source, Alias = '', Target = '' }): InputSource => {
    return { Source: normalizeSpec(Source), Alias: Alias.trim(), Target: Target.trim() }
  })
  const results = (task.ResultPaths ?? []).map(({ Name = '', Path = '' }) => ({ Name: Name.trim(), Path: Path.trim() }))
  return {
    Name: task.Name ?? '',
    Engine: normalizeSpec(task.Engine),
    Publisher: normalizeSpec(task.Publisher),
    ...(Object.keys(env).length === 0 ? {} : { Env: env }),
    ...(Object.keys(meta).length === 0 ? {} : { Meta: meta }),
    ...(inputs.length === 0 ? {} : { InputSources: inputs }),
    ...(results.length === 0 ? {} : { ResultPaths: results }),
    Resources: normalizeResources(task.Resources ?? {}),
    Network: normalizeNetwork(task.Network ?? {}),
    Timeouts: normalizeTimeouts(task.Timeouts ?? {}),
  }
}

function normalizeSpec(spec: TaskSpec['Engine']): SpecConfig {
  const params = spec?.Params ?? {}
  return { Type: (spec?.Type ?? '').trim(), ...(Object.keys(params).length === 0 ? {} : { Params: params }) }
}

/** Amounts in lower case without blanks, empty ones left out. */
export function normalizeResources(spec: ResourcesSpec): ResourcesSpec {
  const keys = ['CPU', 'Memory', 'Disk', 'GPU'] as const
  return Object.fromEntries(keys.map((key) => [key, normaliseQuantity(spec[key] ?? '')] as const).filter(([, text]) => text !== ''))
}

function normalizeTimeouts(timeouts: Timeouts): Timeouts {
  return Object.fromEntries(Object.entries(timeouts).filter(([, count]) => count !== 0))
}

function normalizeNetwork({ Type, Domains = [], Ports = [] }: NetworkSpec): Network {
  return {
    Type: networkType(Type) ?? 'Default',
    ...(Domains.length === 0 ? {} : { Domains: Domains.map((domain) => domain.trim().toLowerCase()) }),
    ...(Ports.length === 0
      ? {}
      : {
          Ports: Ports.map(({ Name = '', Static = 0, Target = 0, HostNetwork = '' }) => ({
            Name,
            ...(Static === 0 ? {} : { Static }),
            ...(Target === 0 ? {} : { Target }),
            ...(HostNetwork === '' ? {} : { HostNetwork }),
          })),
        }),
  }
}
