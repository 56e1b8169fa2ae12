import { toFailure } from '../../shared/errors'
import { t } from '../i18n/i18n'
import { call } from '../ipc'
import type { Cluster } from '../../shared/cluster'
import { useClusters } from './clusters-store'
import { showActFailure } from './window/ui-store'

/** Starts a cluster. One that fails says so on a screen of its own, with its steps; only what never became a start is told above the content. */
export async function startCluster(clusterId: string): Promise<void> {
  try {
    await call('clusters.start', { clusterId })
  } catch (error) {
    const cluster = await settled(clusterId)
    if (cluster?.phase.kind !== 'failed') showActFailure(t('failure.clusterStart', { cluster: cluster?.name ?? clusterId }), toFailure(error))
  }
}

/** The answer to a command and the event that tells its outcome come by two ways: the event has a moment to arrive. */
const SETTLES_WITHIN_MS = 500

function find(clusterId: string): Cluster | undefined {
  return useClusters.getState().clusters?.find(({ id }) => id === clusterId)
}

/** The cluster once it is told as failed, or as it is after a moment. */
function settled(clusterId: string): Promise<Cluster | undefined> {
  if (find(clusterId)?.phase.kind === 'failed') return Promise.resolve(find(clusterId))
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      stop()
      resolve(find(clusterId))
    }
    const timer = setTimeout(end, SETTLES_WITHIN_MS)
    const stop = useClusters.subscribe(() => {
      if (find(clusterId)?.phase.kind === 'failed') end()
    })
  })
}
