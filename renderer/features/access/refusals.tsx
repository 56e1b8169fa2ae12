import type { Refusal } from '../../../shared/http/feed'
import { classNames } from '../../components/class-names'
import { StatusMark } from '../../components/signs/status-mark'
import surface from '../../components/surface.module.css'
import { Fingerprint } from '../../components/signs/tag'
import { count } from '../../i18n/amount'
import { span } from '../../i18n/duration'
import { t } from '../../i18n/i18n'
import { useNow } from '../../state/clock'
import { useNodes } from '../../state/nodes/nodes-store'
import text from '../../theme/text.module.css'
import styles from './access.module.css'

const none: readonly Refusal[] = []
const known = ['wrong-token', 'no-token', 'bad-name', 'name-in-use'] as const
type KnownReason = (typeof known)[number]

function reasonWords(reason: string): string {
  const found = known.find((one): one is KnownReason => one === reason)
  return found === undefined ? t('refusalReason.other', { reason: reason.replaceAll('-', ' ') }) : t(`refusalReason.${found}`)
}

interface RefusalsProps {
  readonly clusterId: string
  /** The only thing on the screen: left out when there are none. */
  readonly alone?: boolean
}

/** Who was turned away, and why: the client itself is never told. */
export function Refusals({ clusterId, alone = false }: RefusalsProps) {
  const refusals = useNodes((state) => (state.fold?.clusterId === clusterId ? state.fold.orchestrator?.refusals : undefined)) ?? none
  if (alone && refusals.length === 0) return null
  return (
    <section className={styles.section}>
      <h2 className={styles.sectionHead}>
        {t('access.refusals')} <small>{t('access.refusalsLead')}</small>
      </h2>
      <div className={classNames(surface.card, styles.table, styles.refusals)} role="table" aria-label={t('access.refusals')}>
        {refusals.length === 0 ? (
          <p className={styles.quiet} role="row">
            <span role="cell">{t('access.refusalsNone')}</span>
          </p>
        ) : (
          <Rows refusals={refusals} />
        )}
      </div>
    </section>
  )
}

function Rows({ refusals }: { readonly refusals: readonly Refusal[] }) {
  const now = useNow()
  return (
    <>
      <div role="row" className={classNames(styles.row, styles.rowHead)}>
        <span role="columnheader">
          <span className={text.hidden}>{t('column.sign')}</span>
        </span>
        <span role="columnheader">{t('access.refusalWho')}</span>
        <span role="columnheader">{t('access.refusalFrom')}</span>
        <span role="columnheader">{t('access.refusalReason')}</span>
        <span role="columnheader">{t('access.refusalToken')}</span>
        <span role="columnheader">{t('access.refusalTimes')}</span>
        <span role="columnheader">{t('access.refusalLast')}</span>
      </div>
      {refusals.map((refusal) => (
        <div role="row" key={`${refusal.node} ${refusal.host} ${refusal.reason} ${refusal.fingerprint ?? ''}`} className={styles.row}>
          <span role="cell">
            <StatusMark kind="bad" size={12} />
          </span>
          <span role="cell" className={text.medium}>
            {refusal.node === '' ? t('access.noName') : refusal.node}
          </span>
          <span role="cell" className={classNames(text.mono, text.c2)}>
            {refusal.host}
          </span>
          <span role="cell" className={text.bad}>
            {reasonWords(refusal.reason)}
          </span>
          <span role="cell">{refusal.fingerprint !== undefined && <Fingerprint of={refusal.fingerprint} />}</span>
          <span role="cell" className={classNames(text.num, text.c2)}>
            {count(refusal.count)}
          </span>
          <span role="cell" className={classNames(text.num, text.sm, text.c2)}>
            {t('inspector.ago', { age: span(now - refusal.at) })}
          </span>
        </div>
      ))}
    </>
  )
}
