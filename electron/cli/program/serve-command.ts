import type { Command } from 'commander'
import type { Session } from '../session'

const examples = `
Examples:
  shoal config set Orchestrator.Auth.Token=$(shoal token generate)
  shoal serve --orchestrator                                       open to the network when a token is set
  shoal serve --compute -c Compute.Orchestrators=TOKEN@10.0.0.1    join it from another machine
  shoal serve --orchestrator --compute                             both in one process

A node keeps its id and its state in its data directory: several nodes on one machine need a --data-dir each. The API
of a node takes the next free port when the default one is taken; a port that was asked for is that one or an error.
It runs until it is told to stop (Ctrl-C, SIGTERM).`

/**
 * `shoal serve`, for its help and for a command line that begins with other flags. The usual way does not come past here:
 * see `run-cli.ts`.
 */
export function addServeCommand(program: Command, session: Session, done: (exitCode: number) => void): void {
  program
    .command('serve')
    .description('run a node: an orchestrator, a compute node, or both')
    .option('--orchestrator', 'run an orchestrator, with the NATS server that nodes join')
    .option('--compute', 'offer the capacity of this machine to an orchestrator')
    .option('--name <id>', 'id of a new node; one that has an id keeps it')
    .addHelpText('after', examples)
    .action(async (flags: { readonly orchestrator?: boolean; readonly compute?: boolean; readonly name?: string }) => {
      const roles = [...(flags.orchestrator === true ? ['--orchestrator'] : []), ...(flags.compute === true ? ['--compute'] : [])]
      const { serve } = await import('../commands/serve')
      done(await serve(session.io, [...argumentsOf(session), ...roles, ...(flags.name === undefined ? [] : ['--name', flags.name])]))
    })
}

/** The configuration flags as arguments again. */
function argumentsOf({ flags }: Session): string[] {
  return [
    ...flags.config.flatMap((argument) => ['-c', argument]),
    ...flags.keys.map(({ name, text }) => `--${name}=${text}`),
    ...(flags.dataDir === undefined ? [] : ['--data-dir', flags.dataDir]),
  ]
}
