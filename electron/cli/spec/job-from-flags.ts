import { AppError } from '../../../shared/errors'
import type { JobSpec, TaskSpec } from '../../../shared/jobs/job-spec'
import { networkType } from '../../../shared/jobs/network-type'
import type { InputSource, SpecConfig } from '../../../shared/models/job'
import { parseConstraints } from './constraint-flag'
import { parseInputSource } from './input-source'
import { parseLabels } from './key-values'
import { parsePublisher, parseResultPath } from './publisher'
import { checkedSpec } from './read-job-spec'

/** Flags of `docker run` and `wasm run` that say what the job is. */
export interface JobFlags {
  readonly name?: string
  readonly namespace: string
  readonly priority: number
  readonly labels: readonly string[]
  readonly count: number
  readonly target: string
  readonly constraints: string
  /** What `count` and `constraints` were once called; given in their place, never beside them. */
  readonly concurrency?: number
  readonly selector?: string
  readonly taskName: string
  readonly env: Readonly<Record<string, string>>
  readonly input: readonly string[]
  readonly output: readonly string[]
  readonly publisher?: string
  readonly cpu?: string
  readonly memory?: string
  readonly disk?: string
  readonly gpu?: string
  readonly network?: string
  readonly domain: readonly string[]
  /** Seconds. */
  readonly timeout?: number
  readonly queueTimeout?: number
}

const DEFAULT_TARGET = '/inputs'

/** The inputs that `-i` names. */
export function inputsOf({ input }: Pick<JobFlags, 'input'>): readonly InputSource[] {
  return input.map((text) => parseInputSource(text, DEFAULT_TARGET))
}

/** A job of one task, checked as far as that can be done without a server. Throws `cli.*` for flags, `job.*` for the job. */
export function jobFromFlags(flags: JobFlags, engine: SpecConfig, inputs: readonly InputSource[]): JobSpec {
  const constraints = parseConstraints(flags.selector ?? flags.constraints)
  const task = {
    Name: flags.taskName,
    Engine: engine,
    ...(flags.publisher === undefined ? {} : { Publisher: parsePublisher(flags.publisher) }),
    ...(Object.keys(flags.env).length === 0 ? {} : { Env: flags.env }),
    ...(inputs.length === 0 ? {} : { InputSources: inputs }),
    ...(flags.output.length === 0 ? {} : { ResultPaths: flags.output.map(parseResultPath) }),
    Resources: resourcesOf(flags),
    ...networkOf(flags),
    Timeouts: {
      ...(flags.queueTimeout === undefined || flags.queueTimeout === 0 ? {} : { QueueTimeout: flags.queueTimeout }),
      ...(flags.timeout === undefined || flags.timeout === 0 ? {} : { TotalTimeout: flags.timeout }),
    },
  }
  return checkedSpec({
    Name: flags.name ?? '',
    Namespace: flags.namespace,
    Type: flags.target === 'all' ? 'ops' : 'batch',
    Priority: flags.priority,
    Count: flags.concurrency ?? flags.count,
    ...(constraints === undefined ? {} : { Constraints: constraints }),
    Labels: parseLabels(flags.labels),
    Tasks: [task],
  })
}

function resourcesOf({ cpu, memory, disk, gpu }: JobFlags): NonNullable<TaskSpec['Resources']> {
  const all = { CPU: cpu, Memory: memory, Disk: disk, GPU: gpu }
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''))
}

function networkOf({ network, domain }: JobFlags): Pick<TaskSpec, 'Network'> {
  const type = networkType(network)
  if (type === undefined)
    throw new AppError('cli.bad-value', `--network cannot be "${network ?? ''}".`, { hint: 'It is one of none, host, http, bridge, default.' })
  if (type === 'Default' && domain.length === 0) return {}
  return { Network: { Type: type, ...(domain.length === 0 ? {} : { Domains: [...domain] }) } }
}
