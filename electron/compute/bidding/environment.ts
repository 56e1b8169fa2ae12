import type { Work } from '../executions/work'

/** This process’s environment variables, of which jobs see those that the configuration forwards. */
export type HostEnvironment = Readonly<Record<string, string | undefined>>

const FROM_HOST = 'env:'

/** Variables of the node that its owner lets jobs see: names with `*` and `?`, which have to fit as a whole. */
export function isAllowed(name: string, allowList: readonly string[]): boolean {
  return allowList.some((glob) => {
    const pattern = glob
      .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')
    return new RegExp(`^${pattern}$`).test(name)
  })
}

/** Why variables that the task wants from the node are not given. */
export function environmentFaults(env: Readonly<Record<string, string>>, allowList: readonly string[], host: HostEnvironment): string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (!value.startsWith(FROM_HOST)) return []
    const wanted = value.slice(FROM_HOST.length)
    const fault = (why: string): string[] => [`this node does not resolve environment variable ${name}: ${why}`]
    if (!isAllowed(wanted, allowList)) return fault(`${wanted} is not in Compute.Env.AllowList`)
    return host[wanted] === undefined ? fault(`${wanted} is not set on this node`) : []
  })
}

/** The whole environment of a program: the task's variables, over them those that tell it where it runs. */
export function programEnvironment({ executionId, jobId, job, task, partition }: Work, host: HostEnvironment): Record<string, string> {
  const own = Object.entries(task.Env ?? {}).map(([name, value]): [string, string] => [
    name,
    value.startsWith(FROM_HOST) ? (host[value.slice(FROM_HOST.length)] ?? '') : value,
  ])
  return {
    ...Object.fromEntries<string>(own),
    BACALHAU_EXECUTION_ID: executionId,
    BACALHAU_JOB_ID: jobId,
    BACALHAU_JOB_TYPE: job.Type,
    BACALHAU_PARTITION_INDEX: String(partition),
    BACALHAU_PARTITION_COUNT: String(job.Count),
  }
}
