import type { Command } from 'commander'
import { Option } from 'commander'
import type { JobRerunFlags } from '../commands/job-rerun'
import type { JobRunFlags } from '../commands/job-run'
import type { OutputFlags } from '../output/format'
import type { Session } from '../session'
import { parseCount, tableFlags } from './flags'
import { addWaitFlags, listed, pairs } from './run-flags'

const runHelp = `
A job file may hold variables, {{.name}}: -V gives their values, -E takes them from the environment. The command ends with 1 when the job fails.

Examples:
  shoal job run job.yaml
  shoal job run -V day=monday --id-only job.yaml
  shoal job run --dry-run job.yaml        what a new version would change`

/** `shoal job run`, `rerun`, `validate` and `preview` */
export function addJobStartCommands(job: Command, session: Session): void {
  addWaitFlags(job.command('run'))
    .description('submit a job, YAML or JSON, and follow it to its end')
    .argument('[file]', 'the file; - or nothing for standard input')
    .addOption(new Option('--dry-run', 'show what it would change, and submit nothing'))
    .addOption(new Option('--force', 'submit it also when nothing has changed'))
    .addOption(new Option('--hide-warnings', 'print no warnings'))
    .addOption(new Option('--no-template', 'take the file as it is, braces and all'))
    .addOption(
      new Option('-V, --template-vars <name=value>', 'value of a variable; repeatable').argParser(pairs('--template-vars')).default({}, 'none'),
    )
    .addOption(
      new Option('-E, --template-envs <pattern>', "take variables from the environment whose name fits: '^WHO$', or '*' for all")
        .argParser(listed)
        .default([], 'none'),
    )
    .addHelpText('after', runHelp)
    .action(async (file: string | undefined, flags: JobRunFlags) => (await import('../commands/job-run')).runJob(session, file, flags))

  addWaitFlags(job.command('rerun'))
    .description('run a job again, as a new version')
    .argument('<id>', 'its name, its id, or the beginning of the id')
    .addOption(new Option('-v, --version <number>', 'made from this version, not from the latest').argParser(parseCount))
    .addOption(new Option('--namespace <namespace>', 'namespace of the job, when it is not the default one'))
    .action(async (id: string, flags: JobRerunFlags) => (await import('../commands/job-rerun')).rerunJob(session, id, flags))

  job
    .command('validate')
    .description('look for faults in a job file; asks no server')
    .argument('<file>', 'the file, or - for standard input')
    .action(async (file: string) => (await import('../commands/job-run')).validateJob(session, file))

  const preview = job
    .command('preview')
    .description('which nodes suit a job, and what rules the others out; needs an orchestrator of Shoal')
    .argument('[file]', 'the file; - or nothing for standard input')
  for (const option of tableFlags()) preview.addOption(option)
  preview.action(async (file: string | undefined, flags: OutputFlags) => (await import('../commands/job-preview')).previewJob(session, file, flags))
}
