import type { LogLine } from '../../../shared/cluster'

/** As main reads it off a line. */
export type LogLevel = LogLine['level']
/** From the most to the least talkative. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error'] as const satisfies readonly LogLevel[]

/** A line and its number among all that the stream ever held, so that it stays the same line when older ones fall out. */
export interface NumberedLine {
  readonly number: number
  readonly line: LogLine
}

/** Whether the search finds the line; upper and lower case are the same, and an empty search finds every line. */
export function hasText(line: LogLine, search: string): boolean {
  return search === '' || line.text.toLowerCase().includes(search.toLowerCase())
}

/** The lines at `level` and above; with `search`, only those that have it. */
export function shownLines(lines: readonly LogLine[], dropped: number, level: LogLevel, search: string): readonly NumberedLine[] {
  const least = logLevels.indexOf(level)
  const shown: NumberedLine[] = []
  lines.forEach((line, index) => {
    if (logLevels.indexOf(line.level) >= least && hasText(line, search)) shown.push({ number: dropped + index, line })
  })
  return shown
}

interface TextPart {
  readonly text: string
  readonly found: boolean
}

/** A text cut at every place where the search is found. */
export function cutAtMatches(text: string, search: string): readonly TextPart[] {
  if (search === '') return [{ text, found: false }]
  const parts: TextPart[] = []
  const low = text.toLowerCase()
  const wanted = search.toLowerCase()
  let from = 0
  for (let at = low.indexOf(wanted); at !== -1; at = low.indexOf(wanted, from)) {
    if (at > from) parts.push({ text: text.slice(from, at), found: false })
    parts.push({ text: text.slice(at, at + wanted.length), found: true })
    from = at + wanted.length
  }
  if (from < text.length) parts.push({ text: text.slice(from), found: false })
  return parts
}
