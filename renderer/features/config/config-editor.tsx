import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language'
import { lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint'
import { EditorState, type Text } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useImperativeHandle, useRef, type Ref } from 'react'
import type { ConfigProblem } from '../../../shared/cluster'
import styles from './config.module.css'
import { editorTheme } from './editor-theme'
import { lineMarks, setLineMarks } from './line-marks'
import { secretCover } from './secret-cover'
import { yamlColours } from './yaml-colours'

/** What can be done with the editor from outside. */
export interface ConfigEditorHandle {
  /** Puts the cursor there; line and column count from 1. */
  readonly goTo: (line: number, column: number) => void
}

interface ConfigEditorProps {
  readonly label: string
  /** Replaces what stands in the editor whenever `edition` changes. */
  readonly text: string
  readonly edition: number
  readonly problems: readonly ConfigProblem[]
  readonly changedLines: readonly number[]
  readonly onEdit: (text: string) => void
  readonly onSave: () => void
  readonly ref?: Ref<ConfigEditorHandle>
}

/** A YAML editor in a shadow root: there its styles are constructed sheets, which the content policy allows. */
export function ConfigEditor({ label, text, edition, problems, changedLines, onEdit, onSave, ref }: ConfigEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const callbacks = useRef({ onEdit, onSave })
  const latest = useRef(text)
  useEffect(() => {
    callbacks.current = { onEdit, onSave }
    latest.current = text
  })
  useEffect(() => {
    if (host.current === null) return
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' })
    const editor = new EditorView({ root, parent: root, state: createState('', label, callbacks) })
    view.current = editor
    return () => {
      editor.destroy()
      view.current = null
    }
  }, [label])
  useEffect(() => {
    // What is typed comes back as `text`: only another edition replaces what stands in the editor.
    view.current?.setState(createState(latest.current, label, callbacks))
    // Asked for a place it measures itself now, and not a frame later: line numbers stand right from the first.
    view.current?.coordsAtPos(0)
  }, [edition, label])
  useEffect(() => {
    const editor = view.current
    if (editor === null) return
    editor.dispatch(
      { effects: setLineMarks.of({ problems, changed: changedLines }) },
      setDiagnostics(
        editor.state,
        problems.map((problem) => diagnosticOf(editor.state.doc, problem)),
      ),
    )
  }, [problems, changedLines, edition])
  useImperativeHandle(ref, () => ({
    goTo: (line, column) => {
      const editor = view.current
      if (editor === null) return
      editor.dispatch({ selection: { anchor: placeOf(editor.state.doc, line, column) }, scrollIntoView: true })
      editor.focus()
    },
  }))
  return <div ref={host} className={styles.host} data-editor />
}

function createState(text: string, label: string, callbacks: { readonly current: Pick<ConfigEditorProps, 'onEdit' | 'onSave'> }): EditorState {
  const save = (): boolean => {
    callbacks.current.onSave()
    return true
  }
  return EditorState.create({
    doc: text,
    extensions: [
      lineNumbers(),
      history(),
      drawSelection(),
      indentOnInput(),
      indentUnit.of('  '),
      bracketMatching(),
      highlightActiveLine(),
      yaml(),
      yamlColours,
      secretCover,
      lineMarks,
      editorTheme,
      keymap.of([{ key: 'Mod-Enter', run: save }, { key: 'Mod-s', run: save }, ...defaultKeymap, ...historyKeymap, ...lintKeymap]),
      EditorView.contentAttributes.of({ 'aria-label': label }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) callbacks.current.onEdit(update.state.doc.toString())
      }),
    ],
  })
}

/** An offset in the text; places beyond its end are its end. */
function placeOf(doc: Text, line: number, column: number): number {
  const { from, to } = doc.line(Math.min(Math.max(1, line), doc.lines))
  return Math.min(from + Math.max(0, column - 1), to)
}

function diagnosticOf(doc: Text, { line, column, endLine, endColumn, message, severity }: ConfigProblem): Diagnostic {
  const from = placeOf(doc, line, column)
  const to = endLine === undefined || endColumn === undefined ? doc.lineAt(from).to : placeOf(doc, endLine, endColumn)
  return { from, to: Math.max(from, to), message, severity }
}
