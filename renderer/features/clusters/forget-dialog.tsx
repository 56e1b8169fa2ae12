import { useRef, useState } from 'react'
import { Button } from '../../components/buttons/button'
import { Checkbox } from '../../components/fields/checkbox'
import { Dialog } from '../../components/overlays/dialog'
import type { DialogShell } from '../../components/overlays/dialog-shell'
import { t } from '../../i18n/i18n'
import { call } from '../../ipc'
import { attempt } from '../../state/window/attempt'
import { useCluster } from '../../state/clusters-store'

/** Takes a cluster out of the list; its data goes only when that is ticked. */
export function ForgetClusterDialog({ clusterId, ...shell }: DialogShell & { readonly clusterId: string }) {
  const cluster = useCluster(clusterId)
  const safe = useRef<HTMLButtonElement>(null)
  const [deleteData, setDeleteData] = useState(false)
  const names = { cluster: cluster?.name ?? '' }
  const local = cluster?.kind === 'local'
  const nodes = cluster?.localNodes.length ?? 0
  const forget = (): void => {
    shell.onClose()
    void attempt(t('failure.clusterForget', names), () => call('clusters.forget', { clusterId, deleteData: local && deleteData }))
  }
  return (
    <Dialog
      {...shell}
      title={t('dialog.forgetTitle', names)}
      initialFocus={safe}
      confirms
      note={
        local && (
          <Checkbox checked={deleteData} onChange={setDeleteData}>
            {t('dialog.forgetDelete')}
          </Checkbox>
        )
      }
      actions={
        <>
          <Button ref={safe} onClick={shell.onClose}>
            {t('act.cancel')}
          </Button>
          <Button look="danger" onClick={forget}>
            {t(local && deleteData ? 'dialog.forgetDeleteButton' : 'dialog.forgetButton', names)}
          </Button>
        </>
      }
    >
      <p>
        {local
          ? t(deleteData ? 'dialog.forgetLocalDelete' : 'dialog.forgetLocal')
          : nodes === 0
            ? t('dialog.forgetAttached')
            : t('dialog.forgetAttachedNodes', { count: nodes })}
      </p>
    </Dialog>
  )
}
