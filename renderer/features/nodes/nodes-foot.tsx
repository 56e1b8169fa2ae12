import { count } from '../../i18n/amount'
import { t } from '../../i18n/i18n'
import { useNodes } from '../../state/nodes/nodes-store'
import { useClusterView } from './cluster-context'
import styles from './nodes-screen.module.css'
import { useListView } from './table/list/list-view-store'

interface NodesFootProps {
  readonly shown: number
}

/** How many are seen, in which order, and the keys of the list. */
export function NodesFoot({ shown }: NodesFootProps) {
  const { joinable } = useClusterView()
  const all = useNodes((state) => state.fold?.counts.all ?? 0)
  const column = useListView((state) => state.sort.column)
  return (
    <div className={styles.measured}>
      <div className={styles.foot}>
        <span>
          {shown === all ? t('nodes.shownOf', { count: all, many: count(all) }) : t('nodes.filteredOf', { shown: count(shown), all: count(all) })}
        </span>
        <span>·</span>
        <span>{t('nodes.sortedBy', { column: t(`sortName.${column}`) })}</span>
        <span className={styles.spring} />
        <span className={styles.keys}>
          <kbd>Enter</kbd> {t('nodes.keyOpen')}
        </span>
        {joinable && (
          <span className={styles.keys}>
            <kbd>s</kbd> {t('nodes.keyStartStop')}
          </span>
        )}
        {joinable && (
          <span className={styles.keys}>
            <kbd>l</kbd> {t('nodes.keyLogs')}
          </span>
        )}
        <span className={styles.keys}>
          <kbd>?</kbd> {t('nodes.keyAll')}
        </span>
      </div>
    </div>
  )
}
