import { Play } from 'lucide-react'
import type { Cluster } from '../../../shared/cluster'
import { Button } from '../../components/buttons/button'
import { Empty } from '../../components/notes/empty'
import { StatusMark } from '../../components/signs/status-mark'
import { t } from '../../i18n/i18n'
import { startCluster } from '../../state/start-cluster'

/** A cluster that is off, and the one way on. */
export function StoppedScreen({ cluster }: { readonly cluster: Cluster }) {
  const names = { cluster: cluster.name }
  return (
    <Empty
      sign={<StatusMark kind="off" size={22} />}
      title={t('stopped.title', names)}
      reason={t('stopped.reason')}
      acts={
        <Button look="primary" icon={Play} onClick={() => void startCluster(cluster.id)}>
          {t('stopped.start', names)}
        </Button>
      }
    />
  )
}

/** Until the last host of the cluster has ended. */
export function StoppingScreen({ cluster }: { readonly cluster: Cluster }) {
  return (
    <Empty
      sign={<StatusMark kind="busy" size={22} />}
      title={t('stopped.stopping', { cluster: cluster.name })}
      reason={t('stopped.stoppingReason')}
    />
  )
}
