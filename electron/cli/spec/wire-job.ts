import type { JobSpec, TaskSpec } from '../../../shared/jobs/job-spec'
import type { ResourcesSpec } from '../../../shared/models/job'
import { networkType } from '../../../shared/jobs/network-type'
import { normalizeResources } from '../../../shared/jobs/normalize-job'

/** A job with every key that Bacalhau's own client sends, in its order: what is missing is null, empty or 0. */
export function wireJob(spec: JobSpec): Readonly<Record<string, unknown>> {
  return {
    ID: '',
    Name: spec.Name ?? '',
    Namespace: spec.Namespace ?? '',
    Type: spec.Type ?? '',
    Priority: spec.Priority ?? 0,
    Count: spec.Count ?? (spec.Type === 'ops' || spec.Type === 'daemon' ? 0 : 1),
    Constraints: spec.Constraints ?? null,
    Meta: spec.Meta ?? null,
    Labels: spec.Labels ?? null,
    Tasks: (spec.Tasks ?? []).map(wireTask),
    State: { StateType: 'Undefined' },
    Version: 0,
    Revision: 0,
    CreateTime: 0,
    ModifyTime: 0,
  }
}

function wireTask(task: TaskSpec): Readonly<Record<string, unknown>> {
  const { Name = '', Engine = null, Publisher = null, InputSources, Resources, Network, ...rest } = task
  return {
    Name,
    Engine,
    Publisher,
    ...rest,
    ...(InputSources === undefined ? {} : { InputSources: InputSources.map(({ Source, Alias = '', Target = '' }) => ({ Source, Alias, Target })) }),
    ...(Resources === undefined ? {} : { Resources: normalizeResources(defined(Resources)) }),
    ...(Network === undefined ? {} : { Network: { ...Network, Type: networkType(Network.Type) ?? Network.Type } }),
  }
}

/** An optional part that is undefined counts as left out. */
function defined({ CPU = '', Memory = '', Disk = '', GPU = '' }: NonNullable<TaskSpec['Resources']>): ResourcesSpec {
  return { CPU, Memory, Disk, GPU }
}
