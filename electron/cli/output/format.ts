import type { CliIo } from '../io'
import { renderCsv } from './csv'
import { styled, wantsStyle } from './style'
import type { Column } from './table'
import { renderTable } from './table'

export const tabularFormats = ['table', 'csv', 'json', 'yaml'] as const
export const objectFormats = ['json', 'yaml'] as const
export type Format = (typeof tabularFormats)[number]

/** The flags that say how something is printed. */
export interface OutputFlags {
  readonly output: Format
  readonly pretty?: boolean
  readonly hideHeader?: boolean
  readonly style?: boolean
  readonly wide?: boolean
}

/** Prints rows in the format asked for. `data` is what JSON and YAML show of them. */
export async function printRows<Item>(
  io: CliIo,
  flags: OutputFlags,
  columns: readonly Column<Item>[],
  items: readonly Item[],
  data: unknown,
): Promise<void> {
  switch (flags.output) {
    case 'table': {
      const colour = wantsStyle(io.stdout, io.env) && flags.style !== false
      const options = { wide: flags.wide === true, hideHeader: flags.hideHeader === true, head: (text: string) => styled(text, 'bold', colour) }
      io.stdout.write(renderTable(columns, items, options))
      return
    }
    case 'csv':
      io.stdout.write(renderCsv(columns, items, flags.hideHeader === true))
      return
    default:
      await printObject(io, flags, data)
  }
}

/** Prints a value as JSON (key order kept) or YAML (keys sorted, as in Bacalhau). */
export async function printObject(io: CliIo, flags: OutputFlags, data: unknown): Promise<void> {
  if (flags.output === 'yaml') io.stdout.write(await toYaml(data))
  else io.stdout.write(`${JSON.stringify(data, undefined, flags.pretty === true ? 2 : undefined)}\n`)
}

async function toYaml(data: unknown): Promise<string> {
  // Most commands print no YAML: the library is loaded for those that do.
  const { stringify } = await import('yaml')
  // The older schema quotes what readers of it, Bacalhau's among them, would take for dates or booleans.
  return stringify(data, {
    schema: 'yaml-1.1',
    sortMapEntries: true,
    lineWidth: 0,
    indentSeq: false,
    aliasDuplicateObjects: false,
    singleQuote: null,
  })
}
