import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import { DURATION_FORM, tryParseDuration } from '../../../shared/duration'
import type { JobDescribeFlags } from '../commands/job-describe'
import type { JobGetFlags } from '../commands/job-get'
import type { JobListFlags } from '../commands/job-list'
import type { HistoryFlags, LogFlags } from '../commands/job-look'
import type { OutputFlags } from '../output/format'
import type { Session } from '../session'
import { objectOutput, optionalOutput, parseCount, pretty, tableFlags } from './flags'
import { addJobStartCommands } from './job-start-commands'

const ID = 'its name, its id, or the beginning of the id'
const namespace = (): Option => new Option('--namespace <namespace>', 'namespace of the job, when it is not the default one')
const version = (): Option => new Option('-v, --version <number>', 'this version of the job, not the latest').argParser(parseCount)
const allVersions = (): Option => new Option('--all-versions', 'of all versions of the job')
const nextToken = (words = 'go on where a limited list ended'): Option => new Option('--next-token <token>', words)
const order = (): readonly Option[] => [
  new Option('--order-by <field>', 'created_at or modified_at'),
  new Option('--order-reversed', 'the other way round'),
]
/** Flags of Bacalhau's that its server does not look at either: scripts may give them. */
const ignoredOrder = (): readonly Option[] => [
  new Option('--order-by <field>', 'without effect: events come in the order in which they happened'),
  new Option('--order-reversed', 'without effect, too'),
]

const schemaHelp = `
Each node serves it, too, at /api/v1/shoal/job-schema.json. No server is asked here. \`shoal job validate\` checks what a schema cannot say.

Example, with an editor that has the YAML language server:
  shoal job schema > job-schema.json
  and as the first line of job.yaml:  # yaml-language-server: $schema=job-schema.json`

/** `shoal job …` */
export function addJobCommands(program: Command, session: Session): void {
  const job = program.command('job').description('jobs: run, list, describe, history, logs, get, stop and more')
  addJobStartCommands(job, session)
  const list = job
    .command('list')
    .description('list jobs, oldest first')
    .addOption(new Option('--labels <selector>', "jobs with these labels only: 'team=x,stage in (a,b)'").default('bacalhau_canary != true'))
    .addOption(new Option('--limit <count>', 'so many at most; 0 for all').argParser(parseCount).default(10))
  addAll(list, [nextToken(), ...order(), ...tableFlags()])
  list.action(async (flags: JobListFlags) => (await import('../commands/job-list')).listJobs(session, flags))

  job
    .command('describe')
    .description('what a job is, what happened to it, its executions and what they printed')
    .argument('<id>', ID)
    .addOption(version())
    .addOption(namespace())
    .addOption(optionalOutput())
    .addOption(pretty())
    .action(async (id: string, flags: JobDescribeFlags) => (await import('../commands/job-describe')).describe(session, id, flags))

  addLookCommands(job, session)

  job
    .command('logs')
    .description('what an execution of a job writes')
    .argument('<id>', ID)
    .addOption(new Option('-f, --follow', 'go on until the execution ends; Ctrl-C stops the reading'))
    .addOption(new Option('-t, --tail', 'only what is written from now on'))
    .addOption(new Option('-e, --execution-id <id>', 'of this execution, by its whole id'))
    .addOption(version())
    .addOption(namespace())
    .action(async (id: string, flags: LogFlags) => (await import('../commands/job-look')).showLogs(session, id, flags))

  job
    .command('get')
    .description('fetch the published results of a job and put them into one folder')
    .argument('<id>', `${ID}; ID/PATH for one file or folder of the results`)
    .addOption(new Option('--output-dir <folder>', 'an existing folder to put them in (default job-ID)'))
    .addOption(new Option('--raw', 'keep them as they were published, unmerged'))
    .addOption(new Option('--download-timeout-secs <duration>', 'give up after this time').argParser(parseTime).default(300_000, '5m0s'))
    .addOption(namespace())
    .action(async (id: string, flags: JobGetFlags) => (await import('../commands/job-get')).getResults(session, id, flags))

  job
    .command('stop')
    .description('stop a job')
    .argument('<id>', ID)
    .addOption(new Option('--quiet', 'print nothing but errors'))
    .addOption(namespace())
    .action(async (id: string, flags: { readonly quiet?: boolean; readonly namespace?: string }) =>
      (await import('../commands/job-act')).stopJob(session, id, flags),
    )

  job
    .command('delete')
    .description('delete an ended job and its history for good; needs an orchestrator of Shoal')
    .argument('<id>', ID)
    .addOption(namespace())
    .action(async (id: string, flags: { readonly namespace?: string }) => (await import('../commands/job-act')).deleteJob(session, id, flags))

  job
    .command('schema')
    .description('print the JSON Schema of job files, for the completion and checks of an editor')
    .addOption(objectOutput().default('json'))
    .addHelpText('after', schemaHelp)
    .action(async (flags: OutputFlags) => (await import('../commands/print-schema')).printJobSchema(session, flags))
}

function addLookCommands(job: Command, session: Session): void {
  const history = job
    .command('history')
    .description('what happened to a job')
    .argument('<id>', ID)
    .addOption(new Option('--event-type <type>', 'all, job or execution').default('all'))
    .addOption(new Option('--execution-id <id>', 'of this execution only'))
    .addOption(new Option('--limit <count>', 'so many at most; 0 for all').argParser(parseCount))
    .addOption(new Option('-f, --follow', 'go on until nothing more can happen; Ctrl-C ends it'))
  addAll(history, [version(), allVersions(), namespace(), nextToken(), ...ignoredOrder(), ...tableFlags()])
  history.action(async (id: string, flags: HistoryFlags) => (await import('../commands/job-look')).showHistory(session, id, flags))

  const executions = job
    .command('executions')
    .description('the executions of a job')
    .argument('<id>', ID)
    .addOption(new Option('--limit <count>', 'so many at most; 0 for all').argParser(parseCount).default(20))
  addAll(executions, [version(), allVersions(), namespace(), nextToken('without effect: executions come in one list'), ...order(), ...tableFlags()])
  executions.action(async (id: string, flags: HistoryFlags) => (await import('../commands/job-look')).listExecutions(session, id, flags))

  const versions = job.command('versions').description('the versions of a job').argument('<id>', ID)
  addAll(versions, [namespace(), ...tableFlags()])
  versions.action(async (id: string, flags: OutputFlags & { readonly namespace?: string }) =>
    (await import('../commands/job-look')).listVersions(session, id, flags),
  )
}

function addAll(command: Command, options: readonly Option[]): void {
  for (const option of options) command.addOption(option)
}

/** Milliseconds of a duration, or of a bare number of seconds. */
function parseTime(text: string): number {
  const milliseconds = /^\d+$/.test(text) ? Number(text) * 1000 : tryParseDuration(text)
  if (milliseconds !== undefined && milliseconds > 0 && milliseconds < 2 ** 31) return milliseconds
  throw new InvalidArgumentError(`It is not ${DURATION_FORM}.`)
}
