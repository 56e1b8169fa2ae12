import { useRef, useState } from 'react'
import { Button } from '../../components/buttons/button'
import { Checkbox } from '../../components/fields/checkbox'
import { Dialog } from '../../components/overlays/dialog'
import type { DialogShell } from '../../components/overlays/dialog-shell'
import { t } from '../../i18n/i18n'
import { call } from '../../ipc'
import { attempt } from '../../state/window/attempt'

interface CloseDialogProps extends DialogShell {
  readonly clusters: readonly { readonly name: string; readonly nodes: number }[]
}

/** Asked once, when the window is closed while nodes run: do they go on? */
export function CloseDialog({ clusters, open, onClose, onClosed }: CloseDialogProps) {
  const safe = useRef<HTMLButtonElement>(null)
  const [every, setEvery] = useState(false)
  const nodes = clusters.reduce((sum, cluster) => sum + cluster.nodes, 0)
  const answer = (choice: 'keep-running' | 'stop-all' | 'stay'): void => {
    onClose()
    void attempt(t('failure.act'), () => call('app.closeAnswer', { choice, remember: every && choice !== 'stay' }))
  }
  return (
    <Dialog
      open={open}
      onClose={() => answer('stay')}
      onClosed={onClosed}
      title={t('dialog.closeTitle', { count: clusters.length, cluster: clusters[0]?.name ?? '' })}
      width="medium"
      initialFocus={safe}
      note={
        <Checkbox checked={every} onChange={setEvery}>
          {t('dialog.closeRemember')}
        </Checkbox>
      }
      actions={
        <>
          <Button onClick={() => answer('stop-all')}>{t('dialog.closeStop')}</Button>
          <Button ref={safe} look="primary" onClick={() => answer('keep-running')}>
            {t('dialog.closeKeep')}
          </Button>
        </>
      }
    >
      <p>{t('dialog.closeEffect', { count: nodes })}</p>
    </Dialog>
  )
}
