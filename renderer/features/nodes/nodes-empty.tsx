import { Plus, Wifi } from 'lucide-react'
import type { Cluster } from '../../../shared/cluster'
import { Button } from '../../components/buttons/button'
import { Empty } from '../../components/notes/empty'
import { NodeSign } from '../../components/signs/node-sign'
import { count } from '../../i18n/amount'
import { t } from '../../i18n/i18n'
import { useNodes } from '../../state/nodes/nodes-store'
import { go } from '../../state/window/ui-store'
import text from '../../theme/text.module.css'
import { useClusterView } from './cluster-context'
import { addNodes } from './run-node-act'
import { selectNodes } from './table/list/order-nodes'
import { setFilter, setSegment, useListView } from './table/list/list-view-store'
import type { NodeStatus } from '../../state/nodes/node-status'

const good: NodeStatus = { word: 'connected', core: 'up', ring: 'connected', plain: false }

/** A cluster without compute nodes: what it lacks, and the ways to it. */
export function NoComputeNodes({ cluster }: { readonly cluster: Cluster }) {
  const view = useClusterView()
  const { live } = view
  const local = cluster.kind === 'local'
  return (
    <Empty
      sign={<NodeSign status={good} size={26} />}
      title={local ? t('nodes.onlyOrchestrator') : t('nodes.onlyOrchestratorAttached', { cluster: cluster.name })}
      reason={t(local ? 'nodes.onlyOrchestratorReason' : 'nodes.onlyOrchestratorAttachedReason')}
      acts={
        local ? (
          <>
            <Button look="primary" icon={Plus} disabled={!live} onClick={() => void addNodes(view, 3)}>
              {t('nodes.addThree')}
            </Button>
            <Button icon={Wifi} onClick={() => go({ screen: 'access', clusterId: cluster.id })}>
              {t('nodes.invite')}
            </Button>
          </>
        ) : (
          <Button look="primary" icon={Plus} disabled={!live} onClick={() => void addNodes(view, 1)}>
            {t('act.add')}
          </Button>
        )
      }
    />
  )
}

/** The filter hides all: how many it would find without the choice of a state. */
export function NothingMatches() {
  const filter = useListView((state) => state.filter.trim())
  const segment = useListView((state) => state.segment)
  const fold = useNodes((state) => state.fold)
  const all = fold?.counts.all ?? 0
  const elsewhere = segment === 'all' || fold === undefined ? 0 : selectNodes(fold.entries.values(), { segment: 'all', filter }).length
  const clear = (
    <Button
      look="primary"
      onClick={() => {
        setFilter('')
        if (filter === '') setSegment('all')
      }}
    >
      {filter === '' ? t('nodes.showAll') : t('nodes.clearFilter')}
    </Button>
  )
  return (
    <Empty
      title={
        filter === '' && segment !== 'all' ? (
          t('nodes.nothingMatchesHere', { all: count(all), category: t(`category.${segment}`).toLowerCase() })
        ) : (
          <>
            {t('nodes.nothingMatches', { all: count(all) })} <span className={text.mono}>{filter}</span>.
          </>
        )
      }
      reason={filter !== '' && elsewhere > 0 ? t('nodes.othersMatch', { count: elsewhere }) : undefined}
      acts={
        <>
          {clear}
          {filter !== '' && elsewhere > 0 && <Button onClick={() => setSegment('all')}>{t('nodes.showThose', { many: count(elsewhere) })}</Button>}
        </>
      }
    />
  )
}
