import type { Command } from 'commander'
import { Option } from 'commander'
import type { ProfileSaveFlags } from '../commands/profile'
import type { OutputFlags } from '../output/format'
import type { Session } from '../session'
import { tableFlags } from './flags'

/** `shoal profile …` */
export function addProfileCommands(program: Command, session: Session): void {
  const profile = program.command('profile').description('clusters by name: list, show, save, select, delete')
  const list = profile.command('list').description('every profile, the selected one with a star')
  for (const option of tableFlags()) list.addOption(option)
  list.action(async (flags: OutputFlags) => (await import('../commands/profile')).listProfiles(session, flags))

  profile
    .command('show')
    .description('one profile: the selected one when none is named')
    .argument('[name]', 'its name')
    .addOption(new Option('--show-token', 'the token in clear'))
    .action(async (name: string | undefined, flags: { showToken?: boolean }) =>
      (await import('../commands/profile')).showProfile(session, name, flags),
    )

  profile
    .command('save')
    .description('make a profile, or change one')
    .argument('<name>', 'its name')
    .addOption(new Option('--endpoint <url>', 'where its API is: http(s)://HOST:PORT'))
    .addOption(new Option('--description <text>', 'what it is'))
    .addOption(new Option('--timeout <duration>', 'kept in the file, without effect'))
    .addOption(new Option('--insecure', 'take any certificate of an https endpoint'))
    .addOption(new Option('--select', 'commands use it from now on'))
    .addHelpText('after', '\nExample:\n  shoal profile save lab --endpoint https://lab.example.org --select')
    .action(async (name: string, flags: ProfileSaveFlags) => (await import('../commands/profile')).saveProfile(session, name, flags))

  profile
    .command('select')
    .description('commands use this profile from now on')
    .argument('<name>', 'its name')
    .action(async (name: string) => (await import('../commands/profile')).selectProfile(session, name))

  profile
    .command('delete')
    .description('forget a profile')
    .argument('<name>', 'its name')
    .addOption(new Option('-f, --force', 'also the selected one, without asking'))
    .action(async (name: string, flags: { force?: boolean }) => (await import('../commands/profile')).deleteProfile(session, name, flags))
}
