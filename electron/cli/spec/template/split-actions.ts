import { AppError } from '../../../../shared/errors'

/** A stretch of plain text, or what stands between two braces. Lines count from 1. */
export type Piece = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'action'; readonly source: string; readonly line: number }

/** Braces with what stands between them, of which quoted texts and comments may hold braces, too. */
const action = /\{\{(-(?=\s))?((?:\/\*[^]*?\*\/|"(?:[^"\\\n]|\\.)*"|`[^`]*`|[^"`])*?)((?<=\s)-)?\}\}/g

/**
 * The text and the actions of a template, in order, without comments. `-` beside the braces has removed the white space there.
 * Throws `template.unsupported` for braces that are never closed.
 */
export function splitActions(text: string): readonly Piece[] {
  const pieces: Piece[] = []
  let end = 0
  let trimNext = false
  const add = (piece: string, trimEnd: boolean): void => {
    const begun = trimNext ? piece.trimStart() : piece
    pieces.push({ kind: 'text', text: trimEnd ? begun.trimEnd() : begun })
  }
  for (const match of text.matchAll(action)) {
    const [whole, trimBefore, inner = '', trimAfter] = match
    add(text.slice(end, match.index), trimBefore !== undefined)
    const source = inner.trim()
    if (!/^\/\*[^]*\*\/$/.test(source)) pieces.push({ kind: 'action', source, line: lineOf(text, match.index) })
    end = match.index + whole.length
    trimNext = trimAfter !== undefined
  }
  const rest = text.slice(end)
  if (rest.includes('{{'))
    throw new AppError('template.unsupported', `line ${lineOf(text, end + rest.indexOf('{{'))}: "{{" is never closed.`, {
      hint: 'Close it with "}}", or take the file as it is with --no-template.',
    })
  add(rest, false)
  return pieces
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}
