import { Wifi } from 'lucide-react'
import { useState } from 'react'
import type { Access, Cluster } from '../../../shared/cluster'
import { Button } from '../../components/buttons/button'
import { Empty } from '../../components/notes/empty'
import { ErrorCard } from '../../components/notes/error-card'
import { SkeletonRows } from '../../components/signs/skeleton'
import surface from '../../components/surface.module.css'
import { t } from '../../i18n/i18n'
import { call } from '../../ipc'
import { useAttempt } from '../../state/window/attempt'
import { tellIfLeft } from '../../state/window/toasts-store'
import { openDialog, useUi } from '../../state/window/ui-store'
import { Addresses, Commands } from './another-machine'
import styles from './access.module.css'
import { Refusals } from './refusals'
import { TokenCard } from './token-card'
import { useAccess } from './use-access'

/** Who may join, with what, from where, and who was turned away. */
export function AccessScreen({ cluster }: { readonly cluster: Cluster }) {
  if (cluster.kind === 'attached') {
    return (
      <>
        <Refusals clusterId={cluster.id} alone />
        <Empty title={t('access.attached')} reason={t('access.attachedReason')} />
      </>
    )
  }
  return <LocalAccess cluster={cluster} />
}

function LocalAccess({ cluster }: { readonly cluster: Cluster }) {
  const [tries, setTries] = useState(0)
  // Whatever a dialog changed is seen when it is closed.
  const dialogOpen = useUi((state) => state.dialog !== undefined)
  const state = useAccess(cluster, tries * 2 + (dialogOpen ? 1 : 0))
  return (
    <>
      <div className={surface.toolbar}>
        <div className={surface.toolbarRow}>
          <span className={surface.spring} />
          <ShareButtons cluster={cluster} />
        </div>
      </div>
      {state.kind === 'failed' && (
        <ErrorCard
          title={t('access.failed')}
          failure={state.failure}
          acts={
            <Button look="primary" onClick={() => setTries(tries + 1)}>
              {t('act.tryAgain')}
            </Button>
          }
        />
      )}
      {state.kind === 'reading' && <SkeletonRows awaited={() => t('access.reading')} />}
      {state.kind === 'known' && <Known access={state.access} cluster={cluster} />}
    </>
  )
}

function Known({ access, cluster }: { readonly access: Access; readonly cluster: Cluster }) {
  return (
    <div className={styles.page}>
      <div className={styles.column}>
        <TokenCard access={access} />
        <Addresses access={access} cluster={cluster} />
        <Commands access={access} />
        <Refusals clusterId={cluster.id} />
      </div>
    </div>
  )
}

function ShareButtons({ cluster }: { readonly cluster: Cluster }) {
  const [closing, attempt] = useAttempt()
  const running = cluster.phase.kind === 'running'
  const shared = cluster.reach?.shared === true
  const names = { cluster: cluster.name }
  const close = (): void => {
    const from = useUi.getState().place
    void attempt(t('failure.share', names), () => call('share.undo', { clusterId: cluster.id })).then((done) => {
      if (done) tellIfLeft(from, t('share.undone', names))
    })
  }
  return (
    <>
      {shared && (
        <Button disabled={!running} busy={closing ? t('access.unshareBusy') : undefined} onClick={close}>
          {t('access.unshare')}
        </Button>
      )}
      <Button
        look={shared ? 'plain' : 'primary'}
        icon={Wifi}
        disabled={!running}
        onClick={() => openDialog({ kind: 'share', clusterId: cluster.id })}
      >
        {t(shared ? 'access.shareOther' : 'access.shareButton')}
      </Button>
    </>
  )
}
