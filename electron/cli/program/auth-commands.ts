import type { Command } from 'commander'
import type { Session } from '../session'

/** `shoal auth info` */
export function addAuthCommands(program: Command, session: Session): void {
  program
    .command('auth')
    .description('signing in to an API: info')
    .command('info')
    .description('which API commands go to, which credentials the environment holds, and how that API signs people in')
    .action(async () => (await import('../commands/auth')).printAuthInfo(session))
}
