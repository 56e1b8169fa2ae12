import type { JobSpec, TaskSpec } from '../../../shared/jobs/job-spec'

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
  const { Name = '', Engine = null, Publisher = null, ...rest } = task
  return { Name, Engine, Publisher, ...rest }
}
