import type { Client } from '../../client/http-client'
import { AppError } from '../../../shared/errors'
import { systemClock } from '../../process/clock'
import { untilInterrupted } from '../interrupt'
import type { CliIo } from '../io'
import { styled, wantsStyle } from '../output/style'
import type { EventPrinter } from './event-printers'
import { printEachEvent, printGroupedEvents, silentPrinter } from './event-printers'
import { followHistory } from './follow-history'
import { isEnded, isFailed, isLongRunning } from './job-answers'
import type { ShownJob } from './job-answers'
import { summariseOutputs } from './node-details'
import { streamLogs } from './stream-logs'

/** How a command that started a job waits for it. */
export interface WaitFlags {
  readonly wait: boolean
  /** Seconds. */
  readonly waitTimeoutSecs: number
  readonly idOnly?: boolean
  readonly nodeDetails?: boolean
  readonly follow?: boolean
  readonly groupEvents?: boolean
}

interface StartedJob {
  readonly id: string
  readonly type: string
  /** Told when only one of several versions is meant. */
  readonly version?: number
}

/** Shows a job that was just submitted as the flags say. Rejects with `job.failed` when it fails, `job.not-ended` when it takes too long. Ctrl-C leaves the job alone. */
export async function watchJob(client: Client, io: CliIo, job: StartedJob, flags: WaitFlags): Promise<void> {
  const isQuiet = flags.idOnly === true || !flags.wait
  io.stdout.write(isQuiet ? `${job.id}\n` : `Job successfully submitted. Job ID: ${job.id}\n`)
  if (!flags.wait) return
  const ended = await untilInterrupted(async (interrupted) => {
    const limit = new AbortController()
    const timer = setTimeout(() => limit.abort(), flags.waitTimeoutSecs * 1000)
    try {
      const signal = AbortSignal.any([interrupted, limit.signal])
      if (flags.follow === true) await followLogs(client, io, job, isQuiet, signal)
      else await followEvents(client, io, job, { printer: printerFor(io, flags, isQuiet), isQuiet }, signal)
    } finally {
      clearTimeout(timer)
    }
    if (interrupted.aborted) return 'interrupted'
    return limit.signal.aborted ? 'late' : 'ended'
  })
  if (ended === 'interrupted') {
    if (!isQuiet) io.stderr.write(`\n${styled('Warning:', 'yellow', wantsStyle(io.stderr, io.env))} nobody waits any more; the job goes on.\n`)
    return
  }
  if (ended === 'late')
    throw new AppError('job.not-ended', `Job ${job.id} has not ended within ${flags.waitTimeoutSecs} s; it goes on.`, {
      hint: `Run \`shoal job describe ${job.id}\` to see how it stands, or wait longer with --wait-timeout-secs.`,
    })
  const { Job } = await client.call('job', { params: { id: job.id } })
  if (flags.follow !== true) {
    if (flags.nodeDetails === true && !isQuiet) await showNodeDetails(client, io, job.id)
    if (!isQuiet) io.stdout.write(nextSteps(Job))
  }
  if (isFailed(Job))
    throw new AppError('job.failed', `job failed${Job.State?.Message === '' ? '' : `: ${Job.State?.Message ?? ''}`}`, {
      hint: `Run \`shoal job describe ${job.id}\` to see why.`,
    })
}

function printerFor(io: CliIo, { groupEvents }: WaitFlags, isQuiet: boolean): EventPrinter {
  if (isQuiet) return silentPrinter
  return groupEvents === true ? printGroupedEvents(io) : printEachEvent(io)
}

async function followEvents(
  client: Client,
  io: CliIo,
  { id, type, version }: StartedJob,
  { printer, isQuiet }: { readonly printer: EventPrinter; readonly isQuiet: boolean },
  signal: AbortSignal,
): Promise<void> {
  if (!isQuiet) io.stdout.write('Checking job status... (Ctrl-C stops the checking, not the job):\n\n')
  try {
    for await (const { entry } of followHistory(client, { id, ...(version === undefined ? {} : { version }) }, signal)) {
      printer.print(entry)
      if (isLongRunning(type) && entry.Type === 'ExecutionLevel') return
    }
  } finally {
    printer.end()
  }
}

/** Milliseconds between two looks whether there is something to read yet. */
const LOOK_EVERY = 250

/** Streams what the job writes, from when there is something. A job that ends without having run writes nothing. */
async function followLogs(client: Client, io: CliIo, { id }: StartedJob, isQuiet: boolean, signal: AbortSignal): Promise<void> {
  if (!isQuiet) io.stdout.write('Waiting for logs... (Ctrl-C stops the reading, not the job):\n\n')
  for (;;) {
    if (signal.aborted) return
    const { Job, Executions } = await client.call('job', { params: { id }, query: { include: 'executions' } })
    const hasBegun = (Executions?.Items ?? []).some(({ ComputeState }) => [1, 2, 3, 5, 6, 7, 9].includes(ComputeState?.StateType ?? 0))
    const isWaiting = ['pending', 'queued', 'undefined'].includes((Job.State?.StateType ?? '').toLowerCase())
    if (hasBegun && !isWaiting) return streamLogs(client, io, { id, follow: true }, signal)
    if (isEnded(Job)) return
    await systemClock.sleep(LOOK_EVERY, signal)
  }
}

async function showNodeDetails(client: Client, io: CliIo, id: string): Promise<void> {
  const { Items } = await client.call('jobExecutions', { params: { id } })
  io.stdout.write('\nJob Results By Node:\n')
  for (const text of summariseOutputs(Items ?? [])) io.stdout.write(text)
}

function nextSteps({ ID, Tasks }: ShownJob): string {
  const hasResults = (Tasks?.[0]?.Publisher?.Type ?? '') !== ''
  const steps = [
    ['To get more details about the run, execute:', `job describe ${ID}`],
    ['To get more details about the run executions, execute:', `job executions ${ID}`],
    ...(hasResults ? [['To download the results, execute:', `job get ${ID}`]] : []),
  ]
  return steps.map(([about, command]) => `\n${about}\n\tshoal ${command}\n`).join('')
}
