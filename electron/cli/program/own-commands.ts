import type { Command } from 'commander'
import { Option } from 'commander'
import type { HostLauncher } from '../../local/hosts/host-launcher'
import type { UpFlags } from '../commands/up'
import type { OutputFlags } from '../output/format'
import type { Session } from '../session'
import { objectOutput, parseCount } from './flags'

/** `done`: what the process ends with, where that is not 0. */
export interface OwnCommandParts {
  readonly done: (exitCode: number) => void
  /** How `up` starts hosts; plain Node when left out. */
  readonly launcher?: () => Promise<HostLauncher>
}

const upHelp = `
Each part is a process of its own: the orchestrator with its NATS server, and the compute nodes. The cluster has a token of its own and is
open to the network, as \`serve --orchestrator\` with a token is; --local keeps it to this machine. Ctrl-C stops everything. The folder stays,
and the next \`shoal up\` goes on with it.

Examples:
  shoal up --nodes 3
  shoal up --name trial --local`

const specHelp = `
It is an OpenAPI 3.1 document: every route with its parameters, bodies, answers and errors, for people and for generators of clients. Each node
serves the part that it answers at /api/v1/shoal/openapi.json. No server is asked here.

Example:
  shoal api spec > openapi.json`

/** Commands that Bacalhau does not have: `shoal up`, `shoal token …`, `shoal api …` */
export function addOwnCommands(program: Command, session: Session, { done, launcher }: OwnCommandParts): void {
  program
    .command('up')
    .description('bring up a cluster on this machine and watch its nodes; Ctrl-C takes it down')
    .addOption(new Option('--nodes <count>', 'compute nodes, at least (default 1 in a new cluster)').argParser(parseCount))
    .addOption(new Option('--name <name>', 'of the cluster: each has a folder of its own').default('tide'))
    .addOption(new Option('--local', 'open to this machine only'))
    .addHelpText('after', upHelp)
    .action(async (flags: UpFlags) => done(await (await import('../commands/up')).up(session, flags, await launcher?.())))

  const token = program.command('token').description('tokens for joining a cluster')
  token
    .command('generate')
    .description('print a new token that nobody can guess')
    .action(async () => (await import('../commands/token')).printNewToken(session))

  const api = program.command('api').description('the HTTP API of nodes')
  api
    .command('spec')
    .description('print the description of the whole API, for generators of clients')
    .addOption(objectOutput().default('json'))
    .addHelpText('after', specHelp)
    .action(async (flags: OutputFlags) => (await import('../commands/print-schema')).printApiSpec(session, flags))
}
