import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { AppError } from '../../../shared/errors'
import type { ConfigKey } from '../../../shared/config/keys'
import { findKey } from '../../../shared/config/keys'
import { maskValue } from '../../../shared/config/mask'
import type { ConfigValue } from '../../../shared/config/values'
import { formatValue, parseValue } from '../../../shared/config/values'
import { tokenStrength } from '../../../shared/token'
import { resolveDataDirectory } from '../../config/resolve-config'
import { changeConfigFile } from '../../config/write-config-file'
import type { Session } from '../session'
import { ownConfigFile } from '../session'

const effects: Readonly<Record<ConfigKey['effect'], string>> = {
  live: 'A running node takes it over when it is told to reload, at the latest at its next start.',
  reconnect: 'It takes effect when nodes connect anew, at the latest at the next start.',
  restart: 'It takes effect at the next start of the node.',
  reset: 'It takes effect at the next start of the node, which then begins anew.',
}

interface Change {
  readonly key: ConfigKey
  readonly value: ConfigValue | undefined
}

/** `shoal config set KEY=VALUE…`, also in the old form `KEY VALUE…`. All values are checked before the file is touched. */
export async function setConfig(session: Session, args: readonly string[]): Promise<void> {
  const changes = pairs(args).map(({ key, text }): Change => ({ key, value: parseValue(key, text, 'set') }))
  const file = await changeFile(session, changes)
  for (const { key, value } of changes) {
    session.io.stdout.write(`Set ${key.name} to ${shown(key, value)} in ${file}. ${effects[key.effect]}\n`)
    if (key.name === 'Orchestrator.Auth.Token' && typeof value === 'string' && tokenStrength(value).verdict === 'weak') {
      session.io.stderr.write('This token can be guessed. `shoal token generate` makes one that cannot.\n')
    }
  }
}

/** `shoal config unset KEY…`: the keys fall back to their defaults. */
export async function unsetConfig(session: Session, names: readonly string[]): Promise<void> {
  const changes = names.map((name): Change => ({ key: findKey(name), value: undefined }))
  const file = await changeFile(session, changes)
  for (const { key } of changes) session.io.stdout.write(`Took ${key.name} out of ${file}. ${effects[key.effect]}\n`)
}

function pairs(args: readonly string[]): readonly { readonly key: ConfigKey; readonly text: string }[] {
  const [first = '', ...values] = args
  // The old form: a list is so many words.
  if (values.length > 0 && !first.includes('=')) return [{ key: findKey(first), text: values.join(',') }]
  return args.map((arg) => {
    const equals = arg.indexOf('=')
    if (equals < 0)
      throw new AppError('cli.missing-value', `"${arg}" has no value: config set takes KEY=VALUE.`, {
        hint: `Write ${arg}=VALUE, or \`shoal config unset ${arg}\`.`,
      })
    return { key: findKey(arg.slice(0, equals).trim()), text: arg.slice(equals + 1) }
  })
}

function shown(key: ConfigKey, value: ConfigValue | undefined): string {
  const text = formatValue(maskValue(key, value))
  return text === '' ? 'nothing' : text
}

async function changeFile(session: Session, changes: readonly Change[]): Promise<string> {
  const file = await fileToChange(session)
  await changeConfigFile(file, changes)
  return file
}

/** The one file given with -c, which must exist; else that of the data directory, which need not. */
async function fileToChange({ io, flags }: Session): Promise<string> {
  const [named, ...more] = flags.config
  if (named === undefined) {
    const dataDir = await resolveDataDirectory({ flags, env: io.env, cwd: io.cwd, homeDir: io.homeDir })
    refuseBacalhaus(dataDir)
    return ownConfigFile(dataDir)
  }
  if (more.length > 0 || !/\.ya?ml$/i.test(named)) {
    throw new AppError('cli.bad-file', 'Here -c names the file to change, one only, and its name ends in .yaml or .yml.', {
      hint: 'Write `shoal config set -c FILE KEY=VALUE`.',
    })
  }
  const path = resolve(io.cwd, named)
  const found = await stat(path).catch(() => undefined) // Told below.
  if (found?.isFile() !== true)
    throw new AppError('config.no-file', `The configuration file ${path} does not exist.`, { hint: 'Make it first, or leave out -c.' })
  return path
}

/** BACALHAU_DIR may name the folder of a real Bacalhau: its file is changed only by its own program, or when it is named. */
function refuseBacalhaus(dataDir: string): void {
  if (!existsSync(join(dataDir, 'system_metadata.yaml')) || existsSync(join(dataDir, 'node.json'))) return
  throw new AppError('data-dir.bacalhau', `${dataDir} is the data directory of a Bacalhau node: its configuration is left alone.`, {
    hint: `Name another folder with --data-dir, or this very file with -c ${ownConfigFile(dataDir)}.`,
  })
}
