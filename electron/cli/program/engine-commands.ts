import type { Command } from 'commander'
import { Option } from 'commander'
import type { DockerRunFlags, WasmRunFlags } from '../commands/engine-run'
import type { Session } from '../session'
import { addJobFlags, listed } from './run-flags'

/** `shoal docker run` and `shoal wasm run` */
export function addEngineCommands(program: Command, session: Session): void {
  const docker = program.command('docker').description('run a container as a job')
  addJobFlags(docker.command('run'))
    .description('run an image as a job. Flags of the command itself come after `--`')
    .argument('<image>', 'the image, with tag or digest')
    .argument('[command...]', 'the command and its arguments')
    .addOption(new Option('-w, --workdir <path>', 'working directory in the container'))
    .addOption(new Option('--entrypoint <words>', "in place of the image's own: words with commas between").argParser(listed).default([], 'none'))
    .addHelpText(
      'after',
      '\nExamples:\n  shoal docker run --cpu 500m ubuntu:24.04 echo hello\n  shoal docker run --dry-run alpine:3 -- sh -c "echo $A" > job.yaml',
    )
    .action(async (image: string, command: string[], flags: DockerRunFlags) =>
      (await import('../commands/engine-run')).runDocker(session, image, command, flags),
    )

  const wasm = program.command('wasm').description('run a WebAssembly module as a job')
  addJobFlags(wasm.command('run'))
    .description('run a module as a job. A file of this machine travels with the job. Flags of the module itself come after `--`')
    .argument('<module>', 'a file, a URI, or the target of an --input; FILE:TARGET names where it lies in the job')
    .argument('[arguments...]', 'what the module is given')
    .addOption(
      new Option('-I, --import-modules <targets>', 'inputs that are modules which the first one imports, by target')
        .argParser(listed)
        .default([], 'none'),
    )
    .addOption(new Option('--entry-point <function>', 'the function to call').default('_start'))
    .addHelpText(
      'after',
      '\nExamples:\n  shoal wasm run ./count.wasm words /in/text.txt -i file:///data/texts:/in\n  shoal wasm run --id-only https://example.org/m.wasm',
    )
    .action(async (module: string, parameters: string[], flags: WasmRunFlags) =>
      (await import('../commands/engine-run')).runWasm(session, module, parameters, flags),
    )
}
