import type { Command } from 'commander'
import { Option } from 'commander'
import type { ConfigListFlags } from '../commands/config-list'
import type { OutputFlags } from '../output/format'
import type { Session } from '../session'
import { optionalOutput, pretty, tableFlags } from './flags'

/** `shoal config …` */
export function addConfigCommands(program: Command, session: Session): void {
  const config = program.command('config').description('the configuration: list, get, set, unset')
  const list = config
    .command('list')
    .description('every key with its value as it counts here: flag over environment over file over default')
    .addOption(new Option('--source', 'also where each value comes from'))
    .addOption(new Option('--show-secrets', 'tokens and passwords in clear'))
  for (const option of tableFlags()) list.addOption(option)
  list.action(async (flags: ConfigListFlags) => (await import('../commands/config-list')).listConfig(session, flags))

  config
    .command('get')
    .description('the value of one key, alone on a line')
    .argument('<key>', 'such as API.Port, in any case')
    .addOption(optionalOutput())
    .addOption(pretty())
    .action(async (key: string, flags: Partial<OutputFlags>) => (await import('../commands/config-list')).getConfig(session, key, flags))

  config
    .command('set')
    .description('write values into config.yaml; comments and unknown keys stay')
    .argument('<key=value...>', 'such as API.Port=1234; lists as a,b,c; maps as k=v,k2=v2')
    .addHelpText(
      'after',
      '\nExamples:\n  shoal config set Orchestrator.Auth.Token=$(shoal token generate)\n  shoal config set Compute.Orchestrators=10.0.0.1:4222,10.0.0.2:4222\n  shoal config set -c other.yaml API.Port=1235      a file other than that of the data directory',
    )
    .action(async (args: readonly string[]) => (await import('../commands/config-set')).setConfig(session, args))

  config
    .command('unset')
    .description('take keys out of config.yaml: their defaults count again')
    .argument('<key...>', 'such as API.Port')
    .action(async (keys: readonly string[]) => (await import('../commands/config-set')).unsetConfig(session, keys))
}
