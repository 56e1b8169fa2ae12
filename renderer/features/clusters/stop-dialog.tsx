import { useRef } from 'react'
import { Button } from '../../components/buttons/button'
import { Dialog } from '../../components/overlays/dialog'
import type { DialogShell } from '../../components/overlays/dialog-shell'
import { t } from '../../i18n/i18n'
import { call } from '../../ipc'
import { attempt } from '../../state/window/attempt'
import { useCluster } from '../../state/clusters-store'

/** Asks before a cluster stops; the effect stands first. */
export function StopClusterDialog({ clusterId, ...shell }: DialogShell & { readonly clusterId: string }) {
  const cluster = useCluster(clusterId)
  const safe = useRef<HTMLButtonElement>(null)
  const names = { cluster: cluster?.name ?? '' }
  const running = cluster?.localNodes.filter((node) => node.role === 'compute' && node.state.kind !== 'stopped').length ?? 0
  const stop = (): void => {
    shell.onClose()
    void attempt(t('failure.clusterStop', names), () => call('clusters.stop', { clusterId }))
  }
  return (
    <Dialog
      {...shell}
      title={t('dialog.stopTitle', names)}
      initialFocus={safe}
      confirms
      actions={
        <>
          <Button ref={safe} onClick={shell.onClose}>
            {t('act.cancel')}
          </Button>
          <Button look="danger" onClick={stop}>
            {t('dialog.stopButton')}
          </Button>
        </>
      }
    >
      <p>{t('dialog.stopEffect', { count: running })}</p>
    </Dialog>
  )
}
