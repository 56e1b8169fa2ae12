import { RangeSetBuilder, type Extension } from '@codemirror/state'
import { Decoration, ViewPlugin, type DecorationSet, type EditorView, type ViewUpdate } from '@codemirror/view'
import { cutSecret } from './secret-lines'

const cover = Decoration.mark({ class: 'cm-secret' })

/** Secrets are dots until the cursor is in their line: whoever reads over a shoulder reads nothing. */
function covered(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>()
  const cursor = view.hasFocus ? view.state.doc.lineAt(view.state.selection.main.head).number : 0
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to;) {
      const line = view.state.doc.lineAt(at)
      const { before, secret } = cutSecret(line.text)
      if (secret !== '' && line.number !== cursor) builder.add(line.from + before.length, line.to, cover)
      at = line.to + 1
    }
  }
  return builder.finish()
}

/** Hides values of secret keys, but for the line that the cursor is in. */
export const secretCover: Extension = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet
    constructor(view: EditorView) {
      this.decorations = covered(view)
    }
    update(update: ViewUpdate): void {
      if (update.docChanged || update.viewportChanged || update.selectionSet || update.focusChanged) this.decorations = covered(update.view)
    }
  },
  { decorations: (plugin) => plugin.decorations },
)
