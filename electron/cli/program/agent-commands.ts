import type { Command } from 'commander'
import { Option } from 'commander'
import { showAgent, showAgentConfig, showAgentVersion } from '../commands/agent'
import { showVersion } from '../commands/version'
import type { OutputFlags } from '../output/format'
import type { Session } from '../session'
import { objectOutput, optionalOutput, pretty, tableFlags } from './flags'

/** `shoal agent …` and `shoal version` */
export function addAgentCommands(program: Command, session: Session): void {
  const agent = program.command('agent').description('the node behind the API: alive, node, version, config')
  agent
    .command('alive')
    .description('whether the node lives')
    .addOption(objectOutput())
    .addOption(pretty())
    .action((flags: OutputFlags) => showAgent(session, 'agentAlive', flags))
  agent
    .command('node')
    .description('what the node says of itself: id, labels, capacity')
    .addOption(objectOutput())
    .addOption(pretty())
    .action((flags: OutputFlags) => showAgent(session, 'agentNode', flags))
  agent
    .command('version')
    .description('the Bacalhau version that the node is compatible with')
    .addOption(optionalOutput())
    .addOption(pretty())
    .action((flags: Partial<OutputFlags>) => showAgentVersion(session, flags))
  agent
    .command('config')
    .description("the node's effective configuration, secrets masked")
    .addOption(objectOutput())
    .addOption(pretty())
    .action((flags: OutputFlags) => showAgentConfig(session, flags))

  const version = program
    .command('version')
    .description('the versions of this program and of the server, if one answers')
    .addOption(new Option('--client', 'of this program only; asks no server'))
  for (const option of tableFlags()) version.addOption(option)
  version.action((flags: OutputFlags & { readonly client?: boolean }) => showVersion(session, flags))
}
