import { useId, useRef, useState } from 'react'
import { Button } from '../../components/buttons/button'
import { Dialog } from '../../components/overlays/dialog'
import type { DialogShell } from '../../components/overlays/dialog-shell'
import { Field } from '../../components/fields/field'
import { t } from '../../i18n/i18n'
import { call } from '../../ipc'
import { attempt } from '../../state/window/attempt'
import { useCluster } from '../../state/clusters-store'
import { clusterColour, clusterColours } from '../../theme/cluster-colour'
import styles from './clusters.module.css'

const MAX_NAME = 64

/** Name and colour of a cluster: how the user tells it from others, and nothing else. */
export function RenameClusterDialog({ clusterId, ...shell }: DialogShell & { readonly clusterId: string }) {
  const cluster = useCluster(clusterId)
  const field = useRef<HTMLInputElement>(null)
  const nameId = useId()
  const colourId = useId()
  const [name, setName] = useState(cluster?.name ?? '')
  const [colour, setColour] = useState(cluster?.colour ?? 1)
  const empty = name.trim() === ''
  const rename = (): void => {
    if (empty) return
    shell.onClose()
    void attempt(t('failure.clusterRename', { cluster: cluster?.name ?? '' }), () =>
      call('clusters.rename', { clusterId, name: name.trim(), colour }),
    )
  }
  return (
    <Dialog
      {...shell}
      title={t('dialog.renameTitle', { cluster: cluster?.name ?? '' })}
      effect={t('dialog.renameEffect')}
      initialFocus={field}
      onSubmit={rename}
      actions={
        <>
          <Button onClick={shell.onClose}>{t('act.cancel')}</Button>
          <Button type="submit" look="primary" disabled={empty}>
            {t('dialog.renameButton')}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <span id={nameId}>{t('start.name')}</span>
        <Field
          ref={field}
          label={t('start.name')}
          value={name}
          maxLength={MAX_NAME}
          fault={empty ? t('start.nameMissing') : undefined}
          onChange={(event) => setName(event.target.value)}
        />
        <span id={colourId}>{t('dialog.colour')}</span>
        <div className={styles.colours} role="radiogroup" aria-labelledby={colourId}>
          {clusterColours.map((choice) => (
            <input
              key={choice}
              type="radio"
              name="colour"
              className={styles.colour}
              style={{ background: clusterColour(choice) }}
              aria-label={t('dialog.colourOf', { n: choice })}
              checked={choice === colour}
              onChange={() => setColour(choice)}
            />
          ))}
        </div>
      </div>
    </Dialog>
  )
}
