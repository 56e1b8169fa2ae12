import { ChevronDown } from 'lucide-react'
import { classNames } from '../../../../components/class-names'
import { Icon } from '../../../../components/signs/icon'
import { StatusMark } from '../../../../components/signs/status-mark'
import { count } from '../../../../i18n/amount'
import { t } from '../../../../i18n/i18n'
import text from '../../../../theme/text.module.css'
import type { StatusKind } from '../../../../state/nodes/node-status'
import styles from '../node-table.module.css'
import type { ListItem } from '../list/order-nodes'

interface GroupRowProps<Kind extends ListItem['kind']> {
  readonly item: Extract<ListItem, { kind: Kind }>
  readonly domId: string
  readonly ariaIndex: number
  readonly top: number
  readonly selected: boolean
  readonly onPress: () => void
}

const loud = ['bad', 'warn', 'wait'] as const satisfies readonly StatusKind[]

/** Head of a group: its label, how many, and what in it wants attention. */
export function GroupHead({ item, groupBy, domId, ariaIndex, top, selected, onPress }: GroupRowProps<'group'> & { readonly groupBy: string }) {
  const { summary } = item
  return (
    <div
      id={domId}
      role="row"
      aria-rowindex={ariaIndex}
      aria-expanded={!item.folded}
      className={classNames(styles.group, selected && styles.cursor)}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onPress}
    >
      <div role="gridcell">
        <Icon of={ChevronDown} size={12} className={item.folded ? styles.turned : undefined} />
        {item.value === undefined ? t('nodes.groupWithout', { key: groupBy }) : `${groupBy}=${item.value}`}
        <span className={classNames(styles.third, styles.figures, text.normal)}>{count(summary.all)}</span>
        <span className={styles.spring} />
        {loud.map((kind) => {
          const many = summary.kinds[kind]
          return many === undefined ? null : (
            <span
              key={kind}
              className={classNames(text[kind], styles.figures, text.normal)}
              style={{ display: 'inline-flex', alignItems: 'center', gap: 4 }}
            >
              <StatusMark kind={kind} size={10} />
              {count(many)}
            </span>
          )
        })}
        <span className={classNames(styles.third, styles.figures, text.normal)}>
          {t('nodes.connectedCount', { many: count(summary.kinds.ok ?? 0) })}
        </span>
      </div>
    </div>
  )
}

/** Stands for the quiet rest of a group. */
export function MoreRow({ item, domId, ariaIndex, top, selected, onPress }: GroupRowProps<'more'>) {
  return (
    <div
      id={domId}
      role="row"
      aria-rowindex={ariaIndex}
      className={classNames(styles.row, styles.more, selected && styles.cursor)}
      style={{ transform: `translateY(${top}px)`, display: 'flex' }}
      onClick={onPress}
    >
      <span role="gridcell">{t('nodes.moreConnected', { many: count(item.count) })}</span>
    </div>
  )
}
