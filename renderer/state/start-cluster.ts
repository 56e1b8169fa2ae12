import { toFailure } from '../../shared/errors'
import { t } from '../i18n/i18n'
import { call } from '../ipc'
import { useClusters } from './clusters-store'
import { showActFailure } from './ui-store'

/** Starts a cluster. One that fails says so on a screen of its own, with its steps; only what never became a start is told above the content. */
export async function startCluster(clusterId: string): Promise<void> {
  try {
    await call('clusters.start', { clusterId })
  } catch (error) {
    const cluster = useClusters.getState().clusters?.find(({ id }) => id === clusterId)
    if (cluster?.phase.kind !== 'failed') showActFailure(t('failure.clusterStart', { cluster: cluster?.name ?? clusterId }), toFailure(error))
  }
}
