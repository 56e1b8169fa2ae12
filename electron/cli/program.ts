import { Command, Option } from 'commander'
import { shoalVersion } from '../../shared/shoal-version'
import { addAgentCommands } from './program/agent-commands'
import { addAuthCommands } from './program/auth-commands'
import { addCompletionCommand } from './program/completion-command'
import { addConfigCommands } from './program/config-commands'
import { addEngineCommands } from './program/engine-commands'
import { addJobCommands } from './program/job-commands'
import { addNodeCommands } from './program/node-commands'
import { addProfileCommands } from './program/profile-commands'
import { addServeCommand } from './program/serve-command'
import type { OwnCommandParts } from './program/own-commands'
import { addOwnCommands } from './program/own-commands'
import type { Session } from './session'

const about = `Run, join and manage Bacalhau clusters over NATS.

A cluster on this machine, with a live view:      shoal up
An orchestrator, then a node that joins it:       shoal serve --orchestrator
                                                  shoal serve --compute -c Compute.Orchestrators=TOKEN@HOST
What nodes there are, and running a job on them:  shoal node list
                                                  shoal job run job.yaml
                                                  shoal wasm run module.wasm`

const variables = `
Environment:
  SHOAL_<KEY>, BACALHAU_<KEY>   set a config key: SHOAL_API_PORT=1234. SHOAL_ wins.
  SHOAL_DIR                     data directory (default ~/.shoal)
  BACALHAU_API_KEY, or BACALHAU_API_USERNAME and BACALHAU_API_PASSWORD
                                sign in to an API that asks for it
  BACALHAU_PROFILE              the profile that counts, in place of the selected one
  LOG_LEVEL=debug               say more when something fails
  NO_COLOR=1                    no colours`

/** The whole command line. `parts.done` is called with the exit code of a command that has one of its own. */
export function createProgram(session: Session, parts: OwnCommandParts): Command {
  const program = new Command('shoal')
  program
    .description(about)
    .version(`shoal ${shoalVersion}`, '--version', 'print the version of this program')
    .helpOption('-h, --help', 'how the command is used')
    .helpCommand('help [command]', 'how a command is used')
    .showHelpAfterError(false)
    .showSuggestionAfterError(false)
    // `--version` after a command is a flag of that command.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: (text) => session.io.stdout.write(text), writeErr: () => undefined, outputError: () => undefined })
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false, styleTitle: (title) => title })
    .addHelpText('after', variables)
  // Taken out of the command line before it is parsed (`takeConfigFlags`); here for the help.
  for (const option of configOptions()) program.addOption(option)
  addOwnCommands(program, session, parts)
  addServeCommand(program, session, parts.done)
  addNodeCommands(program, session)
  addAgentCommands(program, session)
  addJobCommands(program, session)
  addEngineCommands(program, session)
  addConfigCommands(program, session)
  addProfileCommands(program, session)
  addAuthCommands(program, session)
  addCompletionCommand(program, session)
  return program
}

function configOptions(): readonly Option[] {
  return [
    new Option('-c, --config <key=value|file>', 'set a config key, or read a config file; repeatable. Any key is a flag, too: --API.Port=1234'),
    new Option('--api-host <host>', 'where commands find the API, and a node listens: a host, or http(s)://host:port'),
    new Option('--api-port <port>', 'port of the API (default 1234)'),
    new Option('--profile <name>', 'the API of this profile, for commands that ask one (see `shoal profile`)'),
    new Option('--data-dir <folder>', 'data directory (default ~/.shoal)'),
    new Option('--log-level <level>', 'trace, debug, info, warn or error'),
  ]
}
