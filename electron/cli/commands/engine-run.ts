import { posix } from 'node:path'
import { AppError } from '../../../shared/errors'
import type { JobSpec } from '../../../shared/jobs/job-spec'
import type { SubmitFlags } from '../jobs/submit-job'
import { printJob, submitJob } from '../jobs/submit-job'
import type { Session } from '../session'
import type { JobFlags } from '../spec/job-from-flags'
import { inputsOf, jobFromFlags } from '../spec/job-from-flags'
import { entryModule } from '../spec/wasm-module'
import { validSpec } from './job-run'

interface EngineFlags extends JobFlags, SubmitFlags {
  readonly dryRun?: boolean
}

/** `workdir`: an absolute path in the container. `entrypoint`: takes the place of the image’s own; empty leaves that. */
export interface DockerRunFlags extends EngineFlags {
  readonly workdir?: string
  readonly entrypoint: readonly string[]
}

/** `shoal docker run IMAGE [COMMAND…]` */
export async function runDocker(session: Session, image: string, command: readonly string[], flags: DockerRunFlags): Promise<void> {
  if (flags.workdir !== undefined && !posix.isAbsolute(flags.workdir))
    throw new AppError('cli.bad-value', `--workdir must be an absolute path, not "${flags.workdir}".`, { hint: 'Begin it with a slash.' })
  const Params = {
    Entrypoint: flags.entrypoint.length === 0 ? null : flags.entrypoint,
    EnvironmentVariables: null,
    Image: image,
    Parameters: command,
    WorkingDirectory: flags.workdir ?? '',
  }
  await start(session, flags, () => Promise.resolve(jobFromFlags(flags, { Type: 'docker', Params }, inputsOf(flags))))
}

/** `entryPoint`: the function that is called. `importModules`: inputs, by target, that are modules which it imports. */
export interface WasmRunFlags extends EngineFlags {
  readonly entryPoint: string
  readonly importModules: readonly string[]
}

/** `shoal wasm run MODULE [ARGUMENTS…]` */
export async function runWasm(session: Session, module: string, parameters: readonly string[], flags: WasmRunFlags): Promise<void> {
  const inputs = inputsOf(flags)
  const { target, input } = await entryModule(module, inputs, session.io.cwd)
  const Params = {
    EntryModule: target,
    Entrypoint: flags.entryPoint,
    ImportModules: flags.importModules.length === 0 ? null : flags.importModules,
    Parameters: parameters,
  }
  const all = input === undefined ? inputs : [...inputs, input]
  await start(session, flags, () => Promise.resolve(jobFromFlags(flags, { Type: 'wasm', Params }, all)))
}

async function start(session: Session, flags: EngineFlags, make: () => Promise<JobSpec>): Promise<void> {
  const { stderr } = session.io
  if (flags.selector !== undefined) stderr.write('--selector is the old name of --constraints.\n')
  if (flags.concurrency !== undefined) stderr.write('--concurrency is the old name of --count.\n')
  const spec = await validSpec(make)
  if (flags.dryRun !== true) return submitJob(session, spec, flags)
  // `docker run IMAGE sh -c "…"` without `--` gives the words to us as a config key: that is to be heard here, too.
  await session.config()
  await printJob(session.io, spec)
}
