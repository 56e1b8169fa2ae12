import type { LucideIcon } from 'lucide-react'
import { useId, type ComponentProps, type ReactNode } from 'react'
import { classNames } from './class-names'
import styles from './field.module.css'
import { Icon } from './icon'
import { StatusMark } from './status-mark'
import text from '../theme/text.module.css'

interface FieldProps extends Omit<ComponentProps<'input'>, 'size' | 'className' | 'style'> {
  readonly label: string
  /** Where the label stands: inside on the left, or only read out (there is a visible one elsewhere). */
  readonly labelPlace?: 'inside' | 'elsewhere'
  readonly icon?: LucideIcon | undefined
  readonly size?: 'normal' | 'large'
  /** A hairline instead of a full edge, where the field stands among buttons. */
  readonly soft?: boolean
  /** What is wrong with the value: red edge, sign and these words. */
  readonly fault?: string | undefined
  readonly trailing?: ReactNode
  readonly className?: string | undefined
}

export function Field({ label, labelPlace = 'elsewhere', icon, size = 'normal', soft = false, fault, trailing, className, ...input }: FieldProps) {
  const faultId = useId()
  return (
    <label className={classNames(styles.field, soft && styles.soft, size === 'large' && styles.large, fault !== undefined && styles.wrong, className)}>
      {icon && <Icon of={icon} size={14} />}
      <span className={labelPlace === 'inside' ? styles.label : text.hidden}>{label}</span>
      <input type="text" spellCheck={false} autoComplete="off" {...input} {...(fault === undefined ? {} : { 'aria-invalid': true, 'aria-describedby': faultId })} />
      {fault !== undefined && (
        <span className={styles.fault} id={faultId}>
          <StatusMark kind="bad" size={10} />
          <span title={fault}>{fault}</span>
        </span>
      )}
      {trailing}
    </label>
  )
}
