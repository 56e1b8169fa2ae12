import type { Column } from './table'

/** Comma-separated values (RFC 4180) with line feeds, whole texts, the heads as they are written in the columns. */
export function renderCsv<Item>(columns: readonly Column<Item>[], items: readonly Item[], hideHeader: boolean): string {
  const rows = items.map((item) => columns.map((column) => column.value(item)))
  return (hideHeader ? rows : [columns.map((column) => column.head), ...rows]).map((row) => `${row.map(quoted).join(',')}\n`).join('')
}

function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
