import type { LucideIcon } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import styles from './button.module.css'
import { classNames } from '../class-names'
import { Icon } from '../signs/icon'
import { StatusMark } from '../signs/status-mark'

/** How much weight a button has; `danger` is for acts that take something away. */
export type ButtonLook = 'primary' | 'plain' | 'ghost' | 'danger'
type ButtonSize = 'small' | 'normal' | 'large'

/** As a native button; `type` is `button` unless told. */
export interface ButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  readonly look?: ButtonLook
  readonly size?: ButtonSize
  readonly icon?: LucideIcon | undefined
  /** Red words on a quiet ground: leads to something destructive that asks first. */
  readonly quietDanger?: boolean
  /** The verb shown while the act is on the way; the button keeps its width, stays focusable and does nothing. */
  readonly busy?: string | undefined
  readonly children: ReactNode
}

/** An act in words. One primary a screen. */
export function Button({ look = 'plain', size = 'normal', icon, quietDanger = false, busy, className, children, onClick, ...rest }: ButtonProps) {
  const iconSize = size === 'small' || size === 'large' ? 14 : 15
  const words = (
    <>
      {icon && <Icon of={icon} size={iconSize} />}
      <span className={styles.words}>{children}</span>
    </>
  )
  return (
    <button
      type="button"
      {...rest}
      className={classNames(
        styles.button,
        look !== 'plain' && styles[look],
        size !== 'normal' && styles[size],
        quietDanger && styles.quietDanger,
        className,
      )}
      {...(busy === undefined ? {} : { 'aria-busy': true, 'aria-disabled': true })}
      onClick={busy === undefined ? onClick : (event) => event.preventDefault()}
    >
      {busy === undefined ? (
        words
      ) : (
        <span className={styles.stack}>
          <span className={styles.kept} aria-hidden="true">
            {words}
          </span>
          <span className={styles.verb}>
            <StatusMark kind="busy" plain />
            <span className={styles.words}>{busy}</span>
          </span>
        </span>
      )}
    </button>
  )
}
