import { MenuItem, MenuSeparator } from '../../components/overlays/menu'
import { t } from '../../i18n/i18n'
import type { NodeEntry } from '../../state/nodes/node-entry'
import { useClusterView } from './cluster-context'
import { actIcons, actKeys, actWords } from './node-act-words'
import { nodeActs, type OfferedAct } from './node-acts'
import { runNodeAct } from './run-node-act'

const destructive = new Set(['reject', 'remove', 'delete'])

/** All that can be done with a node; destructive acts stand apart, and ask first. */
export function NodeMenuItems({ entry }: { readonly entry: NodeEntry }) {
  const { clusterId, live } = useClusterView()
  const acts = nodeActs(entry, live)
  const item = ({ act, blocked }: OfferedAct) => (
    <MenuItem
      key={act}
      icon={actIcons[act]}
      shortcut={actKeys[act]}
      danger={destructive.has(act)}
      disabled={blocked}
      title={blocked ? t('nodes.actNeedsOrchestrator') : undefined}
      onClick={() => void runNodeAct(act, clusterId, entry.id)}
    >
      {actWords(act)}
    </MenuItem>
  )
  const last = acts.filter(({ act }) => destructive.has(act))
  return (
    <>
      {acts.filter(({ act }) => !destructive.has(act)).map(item)}
      {last.length > 0 && <MenuSeparator />}
      {last.map(item)}
    </>
  )
}
