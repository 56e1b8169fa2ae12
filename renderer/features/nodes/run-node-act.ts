import { t } from '../../i18n/i18n'
import { call } from '../../ipc'
import { attempt } from '../../state/window/attempt'
import { setDockOpen } from '../../state/window/dock-store'
import { openLog } from '../../state/logs-store'
import { go, openDialog } from '../../state/window/ui-store'
import type { ClusterView } from './cluster-context'
import type { NodeAct } from './node-acts'

/** Does an act, or opens the dialog that asks first. */
export async function runNodeAct(act: NodeAct, clusterId: string, node: string): Promise<void> {
  const of = { clusterId, node }
  switch (act) {
    case 'approve':
      await attempt(t('failure.approve', { node }), () => call('nodes.approve', of))
      return
    case 'start':
      await attempt(t('failure.nodeStart', { node }), () => call('nodes.start', of))
      return
    case 'stop':
      await attempt(t('failure.nodeStop', { node }), () => call('nodes.stop', of))
      return
    case 'restart':
      await attempt(t('failure.nodeRestart', { node }), () => call('nodes.restart', of))
      return
    case 'copy':
      await attempt(t('failure.copy'), () => call('app.copyText', { text: node }))
      return
    case 'log':
      setDockOpen(true)
      await openLog(clusterId, node)
      return
    case 'config':
      go({ screen: 'config', clusterId, node })
      return
    case 'reject':
      openDialog({ kind: 'reject-node', ...of })
      return
    case 'remove':
      openDialog({ kind: 'remove-node', ...of })
      return
    case 'delete':
      openDialog({ kind: 'delete-node', ...of })
      return
  }
}

/** Adds nodes on this machine, or asks first how they join; the list shows them as they come. */
export async function addNodes({ clusterId, joinable }: Pick<ClusterView, 'clusterId' | 'joinable'>, count: number): Promise<boolean> {
  if (!joinable) {
    openDialog({ kind: 'join-nodes', clusterId })
    return true
  }
  return attempt(t('failure.nodeAdd'), () => call('nodes.add', { clusterId, count }))
}
