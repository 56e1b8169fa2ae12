import type { ConfigKey } from '../../../shared/config/keys'
import { configKeys, findKey, valueAt } from '../../../shared/config/keys'
import { maskConfig, maskValue } from '../../../shared/config/mask'
import type { Config } from '../../../shared/config/schema'
import { formatValue } from '../../../shared/config/values'
import type { OutputFlags } from '../output/format'
import { printObject, printRows } from '../output/format'
import type { Column } from '../output/table'
import type { Session } from '../session'

/** `source`: also where each value comes from. */
export interface ConfigListFlags extends OutputFlags {
  readonly source?: boolean
  readonly showSecrets?: boolean
}

interface Row {
  readonly key: ConfigKey
  readonly value: unknown
  readonly source: string
}

/** `shoal config list`: every key with its effective value; as YAML, the effective tree. */
export async function listConfig(session: Session, flags: ConfigListFlags): Promise<void> {
  const { config, provenance } = await session.config()
  const shown: Config = flags.showSecrets === true ? config : maskConfig(config)
  if (flags.output === 'yaml') {
    await printObject(session.io, flags, shown)
    return
  }
  const rows = configKeys.map((key): Row => ({ key, value: valueAt(shown, key.path), source: provenance.get(key.name)?.detail ?? '' }))
  const data = rows.map(({ key, value, source }) => ({
    Key: key.name,
    Value: value,
    Description: key.documentation,
    ...(flags.source === true ? { Source: source } : {}),
  }))
  await printRows(session.io, flags, columns(flags.source === true), rows, data)
}

function columns(withSource: boolean): readonly Column<Row>[] {
  return [
    { head: 'Key', value: ({ key }) => key.name },
    { head: 'Value', value: ({ value }) => formatValue(value), width: 40 },
    ...(withSource ? [{ head: 'Source', value: ({ source }: Row) => source, width: 40 }] : []),
    { head: 'Description', value: ({ key }) => key.documentation, width: 80 },
  ]
}

/** `shoal config get KEY`: the value alone, for scripts; asked for by name, a secret is shown. Lists and maps as they are given to `config set`. */
export async function getConfig(
  session: Session,
  name: string,
  flags: { readonly output?: OutputFlags['output']; readonly pretty?: boolean; readonly masked?: boolean },
): Promise<void> {
  const key = findKey(name)
  const { config, provenance } = await session.config()
  const plain = valueAt(config, key.path)
  const value = flags.masked === true ? maskValue(key, plain) : plain
  if (flags.output !== undefined) {
    const { source, detail } = provenance.get(key.name) ?? { source: 'default', detail: '' }
    await printObject(
      session.io,
      { ...flags, output: flags.output },
      { Key: key.name, Value: value, Source: source, From: detail, Effect: key.effect, Description: key.documentation },
    )
    return
  }
  session.io.stdout.write(`${formatValue(value)}\n`)
  if (session.io.stderr.isTerminal)
    session.io.stderr.write(`from ${provenance.get(key.name)?.detail ?? 'default'}; a change takes effect: ${key.effect}\n`)
}
