import type { Pipeline } from './read-pipeline'
import { readPipeline } from './read-pipeline'
import type { Piece } from './split-actions'
import { notUnderstood } from './template-fault'

/** A part of a template: plain text, a value to be written, or a block. */
export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output'; readonly pipeline: Pipeline }
  | { readonly kind: 'if' | 'with' | 'range'; readonly pipeline: Pipeline; readonly body: readonly Node[]; readonly otherwise: readonly Node[] }

/** The tree of a template. Throws `template.unsupported` for what is not understood, and for blocks that do not fit together. */
export function parseTemplate(pieces: readonly Piece[]): readonly Node[] {
  let at = 0
  /** Nodes up to an `else` or `end`, which is left to the caller. */
  const nodes = (): Node[] => {
    const found: Node[] = []
    for (;;) {
      const piece = pieces[at]
      if (piece === undefined) return found
      if (piece.kind === 'text') {
        at += 1
        found.push(piece)
        continue
      }
      const { word, rest } = keywordOf(piece.source)
      if (word === 'end' || word === 'else') return found
      at += 1
      found.push(word === '' ? { kind: 'output', pipeline: readPipeline(rest, piece.line) } : block(word, rest, piece))
    }
  }
  const block = (word: string, rest: string, { source, line }: Action): Node => {
    if (word !== 'if' && word !== 'with' && word !== 'range') throw notUnderstood(line, `{{${source}}} is not understood.`)
    const pipeline = readPipeline(rest, line)
    const body = nodes()
    const closing = pieces[at]
    if (closing?.kind !== 'action') throw notUnderstood(line, `{{${source}}} has no {{end}}.`)
    at += 1
    const { word: ending, rest: after } = keywordOf(closing.source)
    if (ending === 'end') return { kind: word, pipeline, body, otherwise: [] }
    // `{{else if …}}` shares the end of the block that it continues.
    const { word: again, rest: condition } = keywordOf(after)
    if (again !== '') return { kind: word, pipeline, body, otherwise: [block(again, condition, closing)] }
    if (after !== '') throw notUnderstood(closing.line, `{{${closing.source}}} is not understood.`)
    const otherwise = nodes()
    const end = pieces[at]
    if (end?.kind !== 'action' || keywordOf(end.source).word !== 'end') throw notUnderstood(line, `{{${source}}} has no {{end}}.`)
    at += 1
    return { kind: word, pipeline, body, otherwise }
  }
  const whole = nodes()
  const left = pieces[at]
  if (left?.kind === 'action') throw notUnderstood(left.line, `{{${left.source}}} belongs to no block.`)
  return whole
}

type Action = Extract<Piece, { readonly kind: 'action' }>

/** The word that an action begins with, where it is one of the language; else all of it is `rest`. */
function keywordOf(source: string): { readonly word: string; readonly rest: string } {
  const [, word, rest = ''] = /^(if|with|range|else|end|define|template|block|break|continue)(?![\p{L}\p{Nd}_])\s*([^]*)$/u.exec(source) ?? []
  return word === undefined ? { word: '', rest: source } : { word, rest }
}
