import { useCallback, useEffect, useState } from 'react'
import type { ConfigFileView, ConfigProblem } from '../../../shared/cluster'
import { toFailure, type Failure } from '../../../shared/errors'
import { t } from '../../i18n/i18n'
import { call } from '../../ipc'
import { hasLeft, tellIfLeft } from '../../state/window/toasts-store'
import { showActFailure, useUi } from '../../state/window/ui-store'
import { forgetDraft, keepDraft, useDrafts } from './drafts-store'

/** The text is checked when the typing rests. */
const REST_MS = 200

type ConfigFileState =
  { readonly kind: 'reading' } | { readonly kind: 'failed'; readonly failure: Failure } | { readonly kind: 'open'; readonly file: ConfigFileView }

/** A node’s file and what was typed into it. */
export interface ConfigFileEditing {
  readonly state: ConfigFileState
  /** What stands in the editor. */
  readonly text: string
  readonly problems: readonly ConfigProblem[]
  readonly dirty: boolean
  readonly saving: boolean
  readonly saveFailure: Failure | undefined
  /** Grows when the text was replaced from outside the editor. */
  readonly edition: number
  readonly edit: (text: string) => void
  readonly read: () => void
  readonly discard: () => void
  readonly save: (restart: boolean) => Promise<void>
  /** Settles a conflict: the file's text, or the editor's over it. */
  readonly takeTheirs: () => void
  readonly saveOver: (restart: boolean) => Promise<void>
}

/** The code of a save that found another text on disk than the one that was edited. */
export const CONFLICT = 'config.changed-meanwhile'

/** Reads, checks and saves the `config.yaml` of a node. What is typed is kept while one looks elsewhere. */
export function useConfigFile(clusterId: string, node: string): ConfigFileEditing {
  const key = `${clusterId}/${node}`
  const draft = useDrafts((drafts) => drafts[key])
  const [state, setState] = useState<ConfigFileState>({ kind: 'reading' })
  const [problems, setProblems] = useState<readonly ConfigProblem[]>([])
  const [saving, setSaving] = useState(false)
  const [saveFailure, setSaveFailure] = useState<Failure>()
  const [edition, setEdition] = useState(0)
  const file = state.kind === 'open' ? state.file : undefined
  const text = draft ?? file?.text ?? ''

  const read = useCallback(() => {
    call('config.read', { clusterId, node }).then(
      (found) => {
        setState({ kind: 'open', file: found })
        setEdition((count) => count + 1)
      },
      (error: unknown) => setState({ kind: 'failed', failure: toFailure(error) }),
    )
  }, [clusterId, node])
  useEffect(read, [read])
  useEffect(() => {
    let current = true
    const timer = setTimeout(() => {
      call('config.validate', { text }).then(
        (found) => current && setProblems(found),
        (error: unknown) =>
          current && setProblems([{ severity: 'warning', line: 1, column: 1, message: `${t('config.validateFailed')} ${toFailure(error).message}` }]),
      )
    }, REST_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [text])

  const write = async (restart: boolean, base: string): Promise<void> => {
    const from = useUi.getState().place
    setSaving(true)
    setSaveFailure(undefined)
    try {
      const saved = await call('config.save', { clusterId, node, text, base, restart })
      setState({ kind: 'open', file: saved })
      forgetDraft(key)
      tellIfLeft(from, t('config.saved', { node }))
    } catch (error) {
      if (hasLeft(from)) showActFailure(t('config.saveFailed', { node }), toFailure(error))
      else setSaveFailure(toFailure(error))
    } finally {
      setSaving(false)
    }
  }
  return {
    state,
    text,
    problems,
    dirty: file !== undefined && text !== file.text,
    saving,
    saveFailure,
    edition,
    edit: (typed) => (typed === file?.text ? forgetDraft(key) : keepDraft(key, typed)),
    read,
    discard: () => {
      forgetDraft(key)
      setSaveFailure(undefined)
      setEdition((count) => count + 1)
    },
    save: (restart) => (file === undefined ? Promise.resolve() : write(restart, file.base)),
    takeTheirs: () => {
      forgetDraft(key)
      setSaveFailure(undefined)
      read()
    },
    saveOver: async (restart) => {
      try {
        const now = await call('config.read', { clusterId, node })
        await write(restart, now.base)
      } catch (error) {
        setSaveFailure(toFailure(error))
      }
    },
  }
}
