import { syntaxTree } from '@codemirror/language'
import { RangeSetBuilder, type Extension } from '@codemirror/state'
import { Decoration, ViewPlugin, type DecorationSet, type EditorView, type ViewUpdate } from '@codemirror/view'

const marks = {
  key: Decoration.mark({ class: 'cm-key' }),
  text: Decoration.mark({ class: 'cm-text' }),
  number: Decoration.mark({ class: 'cm-number' }),
  word: Decoration.mark({ class: 'cm-word' }),
  comment: Decoration.mark({ class: 'cm-comment' }),
}

/** What a plain YAML scalar is read as. */
function scalarKind(text: string): keyof typeof marks {
  if (/^(true|false|null|~)$/i.test(text)) return 'word'
  return /^[-+]?(\d[\d_]*)(\.\d+)?([eE][-+]?\d+)?$/.test(text) ? 'number' : 'text'
}

function colour(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>()
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from,
      to,
      enter: (node) => {
        const kind = kindOf(node.name, node.node.parent?.name, () => view.state.sliceDoc(node.from, node.to))
        if (kind === undefined) return true
        if (node.to > node.from) builder.add(node.from, node.to, marks[kind])
        return false
      },
    })
  }
  return builder.finish()
}

function kindOf(name: string, parent: string | undefined, text: () => string): keyof typeof marks | undefined {
  switch (name) {
    case 'Comment':
      return 'comment'
    case 'Literal':
      return parent === 'Key' ? 'key' : scalarKind(text())
    case 'QuotedLiteral':
      return parent === 'Key' ? 'key' : 'text'
    case 'BlockLiteralContent':
      return 'text'
    case 'BlockLiteralHeader':
    case 'Anchor':
    case 'Alias':
    case 'Tag':
    case 'DirectiveName':
      return 'word'
    default:
      return undefined
  }
}

/** Colours keys, texts, numbers, words and comments of YAML; plain scalars by what they are read as, which the grammar does not tell. */
export const yamlColours: Extension = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet
    constructor(view: EditorView) {
      this.decorations = colour(view)
    }
    update(update: ViewUpdate): void {
      if (update.docChanged || update.viewportChanged || syntaxTree(update.startState) !== syntaxTree(update.state))
        this.decorations = colour(update.view)
    }
  },
  { decorations: (plugin) => plugin.decorations },
)
