import styles from './tag.module.css'
import { Tooltip } from '../overlays/tooltip'
import { t } from '../../i18n/i18n'

type Label = readonly [key: string, value: string]

/** `key=value`, or the key alone where the value is empty. */
export function Tag({ label: [key, value] }: { readonly label: Label }) {
  return (
    <span className={styles.tag}>
      <span className={styles.key}>
        {key}
        {value !== '' && '='}
      </span>
      {value}
    </span>
  )
}

/** Labels in the order given; keys differ. */
export function Tags({ labels }: { readonly labels: readonly Label[] }) {
  return (
    <div className={styles.tags}>
      {labels.map((label) => (
        <Tag key={label[0]} label={label} />
      ))}
    </div>
  )
}

/** Four hex digits by which two people can compare a token without telling it. */
export function Fingerprint({ of }: { readonly of: string }) {
  return (
    <Tooltip text={t('secret.fingerprint')}>
      <span className={styles.fingerprint} tabIndex={0}>
        {of}
      </span>
    </Tooltip>
  )
}
