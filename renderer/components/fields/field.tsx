import type { LucideIcon } from 'lucide-react'
import { useId, type ComponentProps, type ReactNode } from 'react'
import { classNames } from '../class-names'
import styles from './field.module.css'
import { Icon } from '../signs/icon'
import { StatusMark } from '../signs/status-mark'

interface FieldProps extends Omit<ComponentProps<'input'>, 'size' | 'className' | 'style'> {
  readonly label: string
  /** Where the label is seen: inside on the left, or elsewhere beside the field. It is read out in both cases. */
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

/** A line of text to be typed, with its label read out and its fault beside it. */
export function Field({ label, labelPlace = 'elsewhere', icon, size = 'normal', soft = false, fault, trailing, className, ...input }: FieldProps) {
  const faultId = useId()
  return (
    <label
      className={classNames(styles.field, soft && styles.soft, size === 'large' && styles.large, fault !== undefined && styles.wrong, className)}
    >
      {icon && <Icon of={icon} size={14} />}
      {labelPlace === 'inside' && <span className={styles.label}>{label}</span>}
      <input
        type="text"
        spellCheck={false}
        autoComplete="off"
        aria-label={label}
        {...input}
        {...(fault === undefined ? {} : { 'aria-invalid': true, 'aria-describedby': faultId })}
      />
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
