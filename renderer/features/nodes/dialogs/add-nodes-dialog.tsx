import { useEffect, useRef, useState } from 'react'
import type { NodeShare } from '../../../../shared/cluster'
import { toFailure, type Failure } from '../../../../shared/errors'
import { Button } from '../../../components/buttons/button'
import { classNames } from '../../../components/class-names'
import { Dialog } from '../../../components/overlays/dialog'
import type { DialogShell } from '../../../components/overlays/dialog-shell'
import { Field } from '../../../components/fields/field'
import { Note } from '../../../components/notes/note'
import { useOpening } from '../../../components/overlays/use-opening'
import { amount, bytes } from '../../../i18n/amount'
import { t } from '../../../i18n/i18n'
import { call } from '../../../ipc'
import { attempt } from '../../../state/window/attempt'
import { useCluster } from '../../../state/clusters-store'
import text from '../../../theme/text.module.css'
import styles from './dialogs.module.css'

const FIRST_COUNT = '3'
const MAX_COUNT = 64

/** Several nodes at once, with what each of them gets before it is done. */
export function AddNodesDialog({ clusterId, ...shell }: DialogShell & { readonly clusterId: string }) {
  const cluster = useCluster(clusterId)
  const field = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(FIRST_COUNT)
  const count = /^\d+$/.test(typed.trim()) && Number(typed) >= 1 && Number(typed) <= MAX_COUNT ? Number(typed) : undefined
  const [share, failure] = useShare(clusterId, count)
  const add = (): void => {
    if (count === undefined) return
    shell.onClose()
    void attempt(t('failure.nodeAdd'), () => call('nodes.add', { clusterId, count }))
  }
  const opening = useOpening(share !== undefined || failure !== undefined)
  return (
    <Dialog
      {...shell}
      open={shell.open && opening}
      title={t('dialog.addTitle')}
      effect={t('dialog.addEffect', { cluster: cluster?.name ?? '' })}
      width="medium"
      initialFocus={field}
      onSubmit={add}
      note={t('dialog.addMore')}
      actions={
        <>
          <Button onClick={shell.onClose}>{t('act.cancel')}</Button>
          <Button type="submit" look="primary" disabled={count === undefined || share === undefined}>
            {t('dialog.addButton', { count: count ?? 0 })}
          </Button>
        </>
      }
    >
      <Field
        ref={field}
        className={styles.count}
        label={t('dialog.addCount')}
        labelPlace="inside"
        inputMode="numeric"
        value={typed}
        fault={count === undefined ? t('dialog.addCountFault') : undefined}
        onChange={(event) => setTyped(event.target.value)}
      />
      {failure !== undefined ? (
        <div className={styles.fault}>
          <Note kind="bad">
            {failure.message} {failure.hint}
          </Note>
        </div>
      ) : (
        <Shares share={share} />
      )}
    </Dialog>
  )
}

/** All nodes of this machine as they would be: those that run keep their part, new ones divide what is left. */
function Shares({ share }: { readonly share: NodeShare | undefined }) {
  return (
    <div className={styles.shares} role="status">
      <span className={styles.head} />
      <span className={styles.head}>{t('column.cpu')}</span>
      <span className={styles.head}>{t('column.memory')}</span>
      <span className={styles.head}>{t('column.disk')}</span>
      {share?.perNode.map((node) => (
        <Line key={node.name} name={node.name} capacity={node} className={node.isNew ? styles.then : styles.now} />
      ))}
      <Line name={t('dialog.addMachine')} capacity={share?.machine} className={styles.now} />
    </div>
  )
}

interface LineProps {
  readonly name: string
  readonly capacity: NodeShare['machine'] | undefined
  readonly className: string | undefined
}

function Line({ name, capacity, className }: LineProps) {
  const value = (words: string | undefined) => <span className={className}>{words ?? '…'}</span>
  return (
    <>
      <span className={classNames(className, styles.name, text.ellipsis)} title={name}>
        {name}
      </span>
      {value(capacity && `${amount(capacity.CPU)} ${t('inspector.cores')}`)}
      {value(capacity && bytes(capacity.Memory))}
      {value(capacity && bytes(capacity.Disk))}
    </>
  )
}

/** What `count` more nodes would leave for each; undefined while it is reckoned. */
function useShare(clusterId: string, count: number | undefined): readonly [NodeShare | undefined, Failure | undefined] {
  const [told, setTold] = useState<{ readonly count: number; readonly share?: NodeShare; readonly failure?: Failure }>()
  useEffect(() => {
    if (count === undefined) return
    let current = true
    call('nodes.share', { clusterId, count }).then(
      (share) => current && setTold({ count, share }),
      (error: unknown) => current && setTold({ count, failure: toFailure(error) }),
    )
    return () => {
      current = false
    }
  }, [clusterId, count])
  return told?.count === count ? [told?.share, told?.failure] : [undefined, undefined]
}
