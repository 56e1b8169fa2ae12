import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import { AppError } from '../../../shared/errors'
import { parsePairs } from '../spec/key-values'
import { oneOf, parseCount } from './flags'

/** A flag that may be given again and again. */
const repeated = (text: string, before: readonly string[]): readonly string[] => [...before, text]

/** One that holds several values with commas between, too. */
export const listed = (text: string, before: readonly string[]): readonly string[] => [
  ...before,
  ...text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
]

/** `NAME=VALUE`, again and again. */
export const pairs =
  (flag: string) =>
  (text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
    try {
      return { ...before, ...parsePairs(text, flag) }
    } catch (error) {
      if (error instanceof AppError) throw new InvalidArgumentError(`It is no NAME=VALUE.`)
      throw error
    }
  }

function parseWhole(text: string): number {
  if (/^-?\d{1,15}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It is not a whole number.')
}

/** Flags of everything that starts a job: how it is waited for. */
export function addWaitFlags(command: Command): Command {
  return command
    .addOption(new Option('--wait', 'wait for the end of the job').default(true))
    .addOption(new Option('--no-wait', 'print the id and end as soon as the job is submitted; also --wait=false'))
    .addOption(new Option('--wait-timeout-secs <seconds>', 'wait so long at most; the job goes on').argParser(parseCount).default(600))
    .addOption(new Option('--id-only', 'print the id of the job and nothing else'))
    .addOption(new Option('--node-details', 'at the end, what each node has printed'))
    .addOption(new Option('-f, --follow', 'show what the job writes while it runs'))
    .addOption(new Option('--group-events', 'one line an execution, with its newest event'))
}

/** Flags of `docker run` and `wasm run`, beside those of waiting. */
export function addJobFlags(command: Command): Command {
  return addWaitFlags(
    command
      .addOption(new Option('--name <name>', 'name of the job; a job of this name gets a new version'))
      .addOption(new Option('--namespace <namespace>', 'namespace of the job').default('default'))
      .addOption(new Option('--priority <number>', 'jobs with a higher one go first').argParser(parseWhole).default(0))
      .addOption(new Option('-l, --labels <labels>', 'labels: a=b,c=d; repeatable').argParser(repeated).default([], 'none'))
      .addOption(
        new Option('--count <count>', 'how many times it runs: on so many nodes, or on fewer with the room').argParser(parseCount).default(1),
      )
      .addOption(
        new Option('--target <which>', 'any: as many nodes as counted; all: every node that suits')
          .argParser(oneOf('target', ['any', 'all']))
          .default('any'),
      )
      .addOption(new Option('--constraints <selector>', "nodes with these labels only: 'zone=north,!old'").default('', 'none'))
      .addOption(new Option('-s, --selector <selector>', 'old name of --constraints').conflicts('constraints').hideHelp())
      .addOption(new Option('--concurrency <count>', 'old name of --count').argParser(parseCount).conflicts('count').hideHelp())
      .addOption(new Option('--task-name <name>', 'name of the task').default('main'))
      .addOption(new Option('-e, --env <name=value>', 'a variable of its environment; repeatable').argParser(pairs('--env')).default({}, 'none'))
      .addOption(
        new Option('-i, --input <uri>', 'an input: URI[:TARGET] or src=URI,dst=TARGET,opt=KEY=VALUE; repeatable')
          .argParser(repeated)
          .default([], 'none'),
      )
      .addOption(new Option('-o, --output <name:path>', 'a folder of results; repeatable, needs a publisher').argParser(repeated).default([], 'none'))
      .addOption(new Option('-p, --publisher <publisher>', 'where results go: local, ipfs, s3managed or s3://BUCKET/KEY'))
      .addOption(new Option('--cpu <cores>', 'cores it needs: 500m, 2'))
      .addOption(new Option('--memory <size>', 'memory it needs: 512Mb'))
      .addOption(new Option('--disk <size>', 'disk it needs: 10Gb'))
      .addOption(new Option('--gpu <count>', 'GPUs it needs'))
      .addOption(new Option('--network <type>', 'none, host, http, bridge or default'))
      .addOption(new Option('--domain <domain>', 'a domain it may reach, with --network http; repeatable').argParser(repeated).default([], 'none'))
      .addOption(new Option('--timeout <seconds>', 'it must have ended by then').argParser(parseWhole))
      .addOption(new Option('--queue-timeout <seconds>', 'it may wait so long for a node').argParser(parseWhole))
      .addOption(new Option('--dry-run', 'print the job and submit nothing; asks no server')),
  )
}
