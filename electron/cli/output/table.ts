import { printableText } from '../../../shared/printable-text'

/** A column: its head as in CSV (lower case), and how long a line of it may get before it is wrapped. */
export interface Column<Item> {
  readonly head: string
  readonly value: (item: Item) => string
  readonly width?: number
  /** So many columns at least: rows that are printed one at a time stand under each other. */
  readonly minWidth?: number
  /** The same in wide tables, where it is another. */
  readonly minWideWidth?: number
  /** Line breaks in the text are kept in tables. */
  readonly breaks?: boolean
  /** A shorter text for tables that are not wide, such as the first digits of an id. */
  readonly short?: (text: string) => string
}

interface TableOptions {
  readonly wide: boolean
  readonly hideHeader: boolean
  /** Puts a style on the head of the table. */
  readonly head: (text: string) => string
}

/** Rows under upper-case heads, as Bacalhau prints them without style: each cell padded by a blank on both sides, and nothing in it that a terminal would obey. */
export function renderTable<Item>(columns: readonly Column<Item>[], items: readonly Item[], options: TableOptions): string {
  const heads = columns.map((column) => [column.head.toUpperCase()])
  const rows = items.map((item) => columns.map((column) => cellLines(column, item, options.wide)))
  const shown = options.hideHeader ? rows : [heads, ...rows]
  const widths = columns.map((column, index) =>
    Math.max(leastWidth(column, options.wide), ...shown.flatMap((row) => (row[index] ?? []).map(displayWidth))),
  )
  const lines = shown.flatMap((row, rowIndex) => {
    const height = Math.max(1, ...row.map((cell) => cell.length))
    return Array.from({ length: height }, (_, line) => {
      const text = row.map((cell, index) => ` ${pad(cell[line] ?? '', widths[index] ?? 0)} `).join('')
      return rowIndex === 0 && !options.hideHeader ? options.head(text) : text
    })
  })
  return lines.map((line) => `${line}\n`).join('')
}

function leastWidth<Item>({ minWidth = 0, minWideWidth = minWidth }: Column<Item>, wide: boolean): number {
  return wide ? minWideWidth : minWidth
}

function cellLines<Item>(column: Column<Item>, item: Item, wide: boolean): string[] {
  const whole = column.value(item)
  if (column.breaks === true && whole.includes('\n'))
    return whole
      .trimEnd()
      .split(/\r?\n/)
      .flatMap((line) => lineCells(column, line, wide))
  return lineCells(column, whole, wide)
}

function lineCells<Item>(column: Column<Item>, whole: string, wide: boolean): string[] {
  const text = printableText(whole.replace(/[\r\n\t]+/g, ' '))
  if (wide) return [text]
  const short = column.short === undefined ? text : column.short(text)
  return column.width === undefined ? [short] : wrap(short, column.width)
}

/** Breaks at blanks; a word that is longer than the line is cut. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    let rest = word
    if (line !== '' && displayWidth(line) + 1 + displayWidth(rest) <= width) {
      line = `${line} ${rest}`
      continue
    }
    if (line !== '') lines.push(line)
    while (displayWidth(rest) > width) {
      lines.push(rest.slice(0, width))
      rest = rest.slice(width)
    }
    line = rest
  }
  return [...lines, line]
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

/** Columns that a text takes in a terminal: wide characters of East Asia and most pictures take two. */
function displayWidth(text: string): number {
  let width = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    const isWide =
      (code >= 0x1100 && code <= 0x115f) ||
      (code >= 0x2e80 && code <= 0xa4cf) ||
      (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0xf900 && code <= 0xfaff) ||
      (code >= 0xff00 && code <= 0xff60) ||
      (code >= 0x1f300 && code <= 0x1faff)
    width += isWide ? 2 : 1
  }
  return width
}
