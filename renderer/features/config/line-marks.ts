import { RangeSet, RangeSetBuilder, StateEffect, StateField, type EditorState, type Extension } from '@codemirror/state'
import { Decoration, EditorView, GutterMarker, gutterLineClass, WidgetType, type DecorationSet } from '@codemirror/view'
import type { ConfigProblem } from '../../../shared/cluster'

/** What the lines of the text are marked with, from outside the editor. */
interface LineMarks {
  readonly problems: readonly ConfigProblem[]
  /** Numbers of lines that differ from the file, from 1. */
  readonly changed: readonly number[]
}

/** Replaces all marks of an editor. */
export const setLineMarks = StateEffect.define<LineMarks>()

/** The words of a problem at the end of its line. */
class Words extends WidgetType {
  constructor(
    private readonly words: string,
    private readonly warning: boolean,
  ) {
    super()
  }
  override eq(other: Words): boolean {
    return other.words === this.words && other.warning === this.warning
  }
  override toDOM(): HTMLElement {
    const span = document.createElement('span')
    span.className = this.warning ? 'cm-words cm-warning' : 'cm-words'
    span.textContent = this.words
    return span
  }
}

class ClassMarker extends GutterMarker {
  constructor(override readonly elementClass: string) {
    super()
  }
  override eq(other: ClassMarker): boolean {
    return other.elementClass === this.elementClass
  }
}
const faultMarker = new ClassMarker('cm-fault')
const changedMarker = new ClassMarker('cm-changed')
const faultLine = Decoration.line({ class: 'cm-fault' })

interface Marks {
  readonly lines: DecorationSet
  readonly gutter: RangeSet<GutterMarker>
}
const noMarks: Marks = { lines: Decoration.none, gutter: RangeSet.of<GutterMarker>([]) }

function build(state: EditorState, { problems, changed }: LineMarks): Marks {
  const lines = new RangeSetBuilder<Decoration>()
  const gutter = new RangeSetBuilder<GutterMarker>()
  const firstOf = new Map<number, ConfigProblem>()
  for (const problem of problems) {
    const known = firstOf.get(problem.line)
    if (known === undefined || (known.severity === 'warning' && problem.severity === 'error')) firstOf.set(problem.line, problem)
  }
  const changedLines = new Set(changed)
  const marked = [...new Set([...firstOf.keys(), ...changed])].filter((line) => line >= 1 && line <= state.doc.lines).sort((a, b) => a - b)
  for (const number of marked) {
    const { from, to } = state.doc.line(number)
    const problem = firstOf.get(number)
    const fault = problem?.severity === 'error'
    if (fault) lines.add(from, from, faultLine)
    if (problem !== undefined) lines.add(to, to, Decoration.widget({ widget: new Words(problem.message, !fault), side: 1 }))
    if (fault) gutter.add(from, from, faultMarker)
    if (changedLines.has(number)) gutter.add(from, from, changedMarker)
  }
  return { lines: lines.finish(), gutter: gutter.finish() }
}

const field = StateField.define<Marks>({
  create: () => noMarks,
  update: (marks, transaction) => {
    let now = transaction.docChanged ? { lines: marks.lines.map(transaction.changes), gutter: marks.gutter.map(transaction.changes) } : marks
    for (const effect of transaction.effects) if (effect.is(setLineMarks)) now = build(transaction.state, effect.value)
    return now
  },
  provide: (of) => [EditorView.decorations.from(of, ({ lines }) => lines), gutterLineClass.from(of, ({ gutter }) => gutter)],
})

/** Shows the marks: a colour in the gutter, and a problem’s words at the end of its line. */
export const lineMarks: Extension = field
