import { ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './button.module.css'
import { Button, type ButtonProps } from './button'
import { classNames } from '../class-names'
import { Icon } from '../signs/icon'
import { Menu } from '../overlays/menu'

interface SplitButtonProps extends Omit<ButtonProps, 'look'> {
  readonly look?: 'primary' | 'plain'
  readonly menuLabel: string
  /** Items of the menu. */
  readonly menu: ReactNode
}

/** One act at once; other ways to it in the menu beside it. */
export function SplitButton({ look = 'plain', menuLabel, menu, disabled, ...rest }: SplitButtonProps) {
  const arrow = (
    <button
      type="button"
      aria-label={menuLabel}
      disabled={disabled}
      className={classNames(styles.button, styles.icon, styles.arrow, look === 'primary' && styles.primary)}
    >
      <Icon of={ChevronDown} size={14} />
    </button>
  )
  return (
    <span className={styles.split}>
      <Button look={look} disabled={disabled} {...rest} />
      <Menu trigger={arrow} align="end">
        {menu}
      </Menu>
    </span>
  )
}
