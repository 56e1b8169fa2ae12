import { Ellipsis, X } from 'lucide-react'
import { Button } from '../../../components/buttons/button'
import { IconButton } from '../../../components/buttons/icon-button'
import { Menu } from '../../../components/overlays/menu'
import { NodeSign } from '../../../components/signs/node-sign'
import surface from '../../../components/surface.module.css'
import { Tags } from '../../../components/signs/tag'
import { t } from '../../../i18n/i18n'
import { addressOf, isToldHere, labelsOf, type NodeEntry } from '../../../state/nodes/node-entry'
import { useNodeEntry, useProduct } from '../../../state/nodes/nodes-store'
import { setInspectorOpen, useUi } from '../../../state/window/ui-store'
import text from '../../../theme/text.module.css'
import { useClusterView } from '../cluster-context'
import { actIcons, actWords } from '../node-act-words'
import { nodeActs, type NodeAct } from '../node-acts'
import { NodeMenuItems } from '../node-menu-items'
import { runNodeAct } from '../run-node-act'
import { Capacity } from './capacity'
import styles from './inspector.module.css'
import { ProcessFacts, TroubleCard } from './process-card'
import { Truths } from './truths'
import { Work } from './work'

/** Everything known of the selected node, beside the list. */
export function NodeInspector() {
  const entry = useNodeEntry(useUi((state) => state.selectedNode))
  if (entry === undefined) return null
  const labels = labelsOf(entry)
  const trouble = entry.local?.state.kind === 'waiting' || entry.local?.state.kind === 'failed' || entry.local?.connection?.kind === 'waiting'
  return (
    <aside
      className={styles.inspector}
      aria-label={t('inspector.title')}
      data-region
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        setInspectorOpen(false)
        document.querySelector<HTMLElement>('[data-region-start]')?.focus()
      }}
    >
      <Head entry={entry} />
      <div className={styles.body} tabIndex={0}>
        {entry.local !== undefined && <TroubleCard local={entry.local} />}
        {entry.row !== undefined && <Truths row={entry.row} />}
        <Acts entry={entry} without={trouble} />
        <Capacity entry={entry} />
        <Work entry={entry} />
        {entry.local !== undefined && <ProcessFacts local={entry.local} />}
        {labels.length > 0 && (
          <div>
            <div className={surface.sectionHead}>{t('inspector.labels')}</div>
            <Tags labels={labels} />
          </div>
        )}
      </div>
    </aside>
  )
}

function Head({ entry }: { readonly entry: NodeEntry }) {
  const { stale } = useClusterView()
  const info = entry.row?.state.Info
  const product = useProduct(entry)
  const labels = info?.Labels ?? {}
  const system = [info?.BacalhauVersion?.GOOS ?? labels['os_type'], info?.BacalhauVersion?.GOARCH ?? labels['os_arch']]
    .filter((part) => part !== undefined && part !== '')
    .join('/')
  const facts = [
    entry.local === undefined ? addressOf(entry) : t('inspector.thisMachine'),
    product && `${product.name} ${product.version}`,
    system === '' ? undefined : system,
    entry.row === undefined ? t('inspector.notKnown') : undefined,
  ].filter((fact) => fact !== undefined)
  return (
    <div className={styles.head}>
      <div className={styles.first}>
        <NodeSign status={entry.status} size={20} stale={stale && !isToldHere(entry)} />
        <h2 className={styles.name} title={entry.id}>
          {entry.id}
        </h2>
        <Menu align="end" trigger={<IconButton size="small" label={t('act.more')} icon={Ellipsis} />}>
          <NodeMenuItems entry={entry} />
        </Menu>
        <IconButton size="small" label={t('act.close')} shortcut="Esc" icon={X} onClick={() => setInspectorOpen(false)} />
      </div>
      <div className={styles.second}>
        {facts.map((fact, index) => (
          <span key={fact} className={index === 0 && entry.local === undefined && addressOf(entry) === fact ? text.mono : undefined}>
            {index > 0 && '· '}
            {fact}
          </span>
        ))}
      </div>
    </div>
  )
}

const shown: readonly NodeAct[] = ['approve', 'start', 'stop', 'restart', 'log', 'config']

const MOST_ACTS = 4

function Acts({ entry, without }: { readonly entry: NodeEntry; readonly without: boolean }) {
  const { clusterId, live } = useClusterView()
  const offered = nodeActs(entry, live).filter(({ act }) => shown.includes(act) && !(without && (act === 'start' || act === 'log')))
  // One line of them; the menu above has all.
  const acts = offered.length > MOST_ACTS ? offered.filter(({ act }) => act !== 'config') : offered
  const rejectable = nodeActs(entry, live).find(({ act }) => act === 'reject')
  const pending = entry.row?.state.Membership === 'PENDING'
  if (acts.length === 0 && !pending) return null
  return (
    <div className={styles.acts}>
      {acts.map(({ act, blocked }) => (
        <Button
          key={act}
          size="small"
          look={act === 'config' ? 'ghost' : 'plain'}
          icon={actIcons[act]}
          disabled={blocked}
          title={blocked ? t('nodes.actNeedsOrchestrator') : undefined}
          onClick={() => void runNodeAct(act, clusterId, entry.id)}
        >
          {act === 'log' ? t('inspector.log') : act === 'config' ? t('inspector.config') : actWords(act)}
        </Button>
      ))}
      {pending && rejectable !== undefined && (
        <Button size="small" look="ghost" quietDanger disabled={rejectable.blocked} onClick={() => void runNodeAct('reject', clusterId, entry.id)}>
          {t('act.reject')}
        </Button>
      )}
    </div>
  )
}
