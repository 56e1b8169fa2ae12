import type { Command } from 'commander'
import { Option } from 'commander'
import type { JobListFlags } from '../commands/job-list'
import type { Session } from '../session'
import { parseCount, tableFlags } from './flags'

/** `shoal job list` */
export function addJobCommands(program: Command, session: Session): void {
  const job = program.command('job').description('the jobs of a Bacalhau orchestrator')
  const list = job
    .command('list')
    .description('list jobs, oldest first. Orchestrators of Shoal keep none in this version')
    .addOption(new Option('--labels <selector>', "jobs with these labels only: 'team=x,stage in (a,b)'").default('bacalhau_canary != true'))
    .addOption(new Option('--limit <count>', 'so many at most; 0 for all').argParser(parseCount).default(10))
    .addOption(new Option('--next-token <token>', 'go on where a limited list ended'))
    .addOption(new Option('--order-by <field>', 'created_at or modified_at'))
    .addOption(new Option('--order-reversed', 'the other way round'))
  for (const option of tableFlags()) list.addOption(option)
  list.action(async (flags: JobListFlags) => (await import('../commands/job-list')).listJobs(session, flags))
}
