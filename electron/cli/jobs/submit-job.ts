import type { Client } from '../../client/http-client'
import type { JobSpec } from '../../../shared/jobs/job-spec'
import { normalizeJob } from '../../../shared/jobs/normalize-job'
import { AppError } from '../../../shared/errors'
import type { CliIo } from '../io'
import { printObject } from '../output/format'
import { styled, wantsStyle } from '../output/style'
import { wireJob } from '../spec/wire-job'
import type { Session } from '../session'
import { withJobs } from './with-jobs'
import type { WaitFlags } from './watch-job'
import { watchJob } from './watch-job'

/** `force`: submits although the orchestrator sees no change. `hideWarnings`: of the orchestrator. */
export interface SubmitFlags extends WaitFlags {
  readonly force?: boolean
  readonly hideWarnings?: boolean
}

/** Submits a job and shows it as the flags say. */
export async function submitJob(session: Session, spec: JobSpec, flags: SubmitFlags): Promise<void> {
  await withJobs(session, async (client) => {
    const answer = await client.call('submitJob', { body: { Job: wireJob(spec), Force: flags.force === true } })
    if (flags.hideWarnings !== true) warn(session.io, answer.Warnings ?? [])
    await watchJob(client, session.io, { id: answer.JobID, type: spec.Type ?? '' }, flags)
  })
}

/** Shows what a submission would change. Without a server, or a job of that name, the job itself. */
export async function showDifference(session: Session, spec: JobSpec): Promise<void> {
  const { io } = session
  try {
    const { Diff, Warnings } = await withJobs(session, (client: Client) => client.call('diffJob', { body: { Job: wireJob(spec) } }))
    warn(io, Warnings ?? [])
    if (Diff === '') io.stderr.write(`${warning(io)} No diff detected.\n`)
    else io.stdout.write(colouredDiff(Diff, io))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    warn(io, normalizeJob(spec).warnings)
    io.stderr.write(`${warning(io)} there is nothing to compare with (${error.message}). This is the job as it would be sent:\n`)
    await printJob(io, spec)
  }
}

/** The job as it would be sent, as YAML. */
export async function printJob(io: CliIo, spec: JobSpec): Promise<void> {
  await printObject(io, { output: 'yaml' }, wireJob(spec))
}

function colouredDiff(diff: string, io: CliIo): string {
  const colour = wantsStyle(io.stdout, io.env)
  const lines = diff.replace(/\n$/, '').split('\n')
  return lines
    .map((line) => `${line.startsWith('-') ? styled(line, 'red', colour) : line.startsWith('+') ? styled(line, 'green', colour) : line}\n`)
    .join('')
}

function warn(io: CliIo, warnings: readonly string[]): void {
  for (const text of warnings) io.stderr.write(`${warning(io)} ${text}\n`)
}

function warning(io: CliIo): string {
  return styled('Warning:', 'yellow', wantsStyle(io.stderr, io.env))
}
