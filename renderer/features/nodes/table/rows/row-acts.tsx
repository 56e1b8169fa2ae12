import { Ellipsis } from 'lucide-react'
import { Button } from '../../../../components/buttons/button'
import { IconButton } from '../../../../components/buttons/icon-button'
import { Menu } from '../../../../components/overlays/menu'
import { t } from '../../../../i18n/i18n'
import type { NodeEntry } from '../../../../state/nodes/node-entry'
import { useClusterView } from '../../cluster-context'
import { actIcons, actKeys, actWords } from '../../node-act-words'
import { nodeActs, type NodeAct } from '../../node-acts'
import { NodeMenuItems } from '../../node-menu-items'
import { runNodeAct } from '../../run-node-act'
import styles from '../node-table.module.css'

const quick: readonly NodeAct[] = ['start', 'stop', 'log']

/** What one does most with a row, under the pointer; all of it is in the menu and by key as well. */
export function RowActs({ entry }: { readonly entry: NodeEntry }) {
  const { clusterId, live } = useClusterView()
  const acts = nodeActs(entry, live).filter(({ blocked }) => !blocked)
  return (
    <span role="gridcell" className={styles.acts} onClick={(event) => event.stopPropagation()}>
      {acts.some(({ act }) => act === 'approve') && (
        <Button size="small" onClick={() => void runNodeAct('approve', clusterId, entry.id)}>
          {t('act.approve')}
        </Button>
      )}
      {acts
        .filter(({ act }) => quick.includes(act))
        .map(({ act }) => (
          <IconButton
            key={act}
            size="small"
            label={actWords(act)}
            shortcut={actKeys[act]}
            icon={actIcons[act]}
            onClick={() => void runNodeAct(act, clusterId, entry.id)}
          />
        ))}
      <Menu align="end" trigger={<IconButton size="small" label={t('act.more')} icon={Ellipsis} />}>
        <NodeMenuItems entry={entry} />
      </Menu>
    </span>
  )
}
