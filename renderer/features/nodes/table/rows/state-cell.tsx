import { useEffect, useRef } from 'react'
import { classNames } from '../../../../components/class-names'
import { useNow } from '../../../../state/clock'
import type { NodeEntry } from '../../../../state/nodes/node-entry'
import { nodeWords, type NodeStatus } from '../../../../state/nodes/node-status'
import { statusText } from '../../../../state/nodes/status-text'
import { flash } from './flash'
import styles from '../node-table.module.css'
import text from '../../../../theme/text.module.css'

/** The node's state in words: grey while all is well, coloured when it wants attention. A change flashes once. */
export function StateCell({ entry }: { readonly entry: NodeEntry }) {
  const { status, id } = entry
  const { kind } = nodeWords[status.word]
  const cell = useRef<HTMLSpanElement>(null)
  const last = useRef({ id, word: status.word })
  useEffect(() => {
    const before = last.current
    last.current = { id, word: status.word }
    if (before.id === id && before.word !== status.word && cell.current !== null) flash(cell.current)
  }, [id, status.word])
  return (
    <span role="gridcell" ref={cell} className={kind === 'ok' ? styles.second : kind === 'off' ? styles.third : text[kind]}>
      {(status.since === undefined && status.until === undefined) || status.word === 'connected' ? (
        <Words text={statusText(status, 0)} />
      ) : (
        <Ageing status={status} />
      )}
    </span>
  )
}

function Ageing({ status }: { readonly status: NodeStatus }) {
  return <Words text={statusText(status, useNow())} />
}

/** Whole in the tooltip, where the column is too narrow for it. */
function Words({ text: words }: { readonly text: string }) {
  return (
    <span className={classNames(styles.words, styles.figures)} title={words}>
      {words}
    </span>
  )
}
