import type { Command } from 'commander'
import type { Session } from '../session'

/** Commands that Bacalhau does not have: `shoal token …` */
export function addOwnCommands(program: Command, session: Session, _done: (exitCode: number) => void): void {
  const token = program.command('token').description('tokens for joining a cluster')
  token
    .command('generate')
    .description('print a new token that nobody can guess')
    .action(async () => (await import('../commands/token')).printNewToken(session))
}
