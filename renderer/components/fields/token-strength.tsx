import type { TokenEffect } from '../../../shared/cluster'
import { t } from '../../i18n/i18n'
import secret from './secret.module.css'
import { StatusMark, type MarkKind } from '../signs/status-mark'
import { Fingerprint } from '../signs/tag'

const marks: { readonly [Verdict in TokenEffect['strength']['verdict']]: MarkKind } = { empty: 'bad', weak: 'warn', fair: 'warn', strong: 'done' }

/** Strength in bits, with its reason, and the fingerprint. */
export function TokenStrength({ effect }: { readonly effect: TokenEffect | undefined }) {
  if (effect === undefined) return <div className={secret.facts}>{t('tokenDialog.weighing')}</div>
  const { bits, verdict, reason } = effect.strength
  return (
    <div className={secret.facts} role="status">
      <span className={secret.fact}>
        <StatusMark kind={marks[verdict]} size={12} />
        {verdict === 'empty' ? t('strength.empty') : `${t('secret.bits', { bits })}, ${t(`strength.${verdict}`)}`}
      </span>
      {reason !== '' && <span>{reason}</span>}
      {verdict !== 'empty' && <Fingerprint of={effect.fingerprint} />}
    </div>
  )
}
