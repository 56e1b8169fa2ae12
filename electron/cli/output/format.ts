import type { Document } from 'yaml'
import { printableLines } from '../../../shared/printable-text'
import type { CliIo } from '../io'
import { renderCsv } from './csv'
import { styled, wantsStyle } from './style'
import type { Column } from './table'
import { renderTable } from './table'

/** What `--output` of a list may be. */
export const tabularFormats = ['table', 'csv', 'json', 'yaml'] as const
/** What `--output` of a single thing may be. */
export const objectFormats = ['json', 'yaml'] as const
type Format = (typeof tabularFormats)[number]

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
      io.stdout.write(shownAs(io, renderCsv(columns, items, flags.hideHeader === true)))
      return
    default:
      await printObject(io, flags, data)
  }
}

/** CSV has no escapes: a program gets every character as it is, a terminal gets none that it would obey. */
function shownAs(io: CliIo, csv: string): string {
  return io.stdout.isTerminal ? printableLines(csv) : csv
}

/**
 * Prints a value as JSON (key order kept) or YAML (keys sorted, as in Bacalhau). Control characters are escaped in both, also those from
 * U+007F to U+009F, which JSON would let through and some terminals obey.
 */
export async function printObject(io: CliIo, flags: OutputFlags, data: unknown): Promise<void> {
  if (flags.output === 'yaml') io.stdout.write(await toYaml(data))
  else io.stdout.write(`${escapeC1(JSON.stringify(data, undefined, flags.pretty === true ? 2 : undefined))}\n`)
}

const c1 = /[\u007f-\u009f]/g

function escapeC1(json: string): string {
  return json.replace(c1, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

async function toYaml(data: unknown): Promise<string> {
  // Most commands print no YAML: the library is loaded for those that do.
  const { Document, visit } = await import('yaml')
  // The older schema quotes what readers of it, Bacalhau's among them, would take for dates or booleans.
  const document: Document = new Document(data, { schema: 'yaml-1.1', sortMapEntries: true, aliasDuplicateObjects: false })
  // Only in double quotes can a character be written as an escape.
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && scalar.value.search(c1) !== -1) scalar.type = 'QUOTE_DOUBLE'
    },
  })
  return escapeC1(document.toString({ lineWidth: 0, indentSeq: false, singleQuote: null }))
}
