import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import styles from './button.module.css'
import type { ButtonLook } from './button'
import { classNames } from '../class-names'
import { Icon } from '../signs/icon'
import { Tooltip } from '../overlays/tooltip'

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  readonly label: string
  readonly icon: LucideIcon
  readonly look?: ButtonLook
  readonly size?: 'small' | 'normal'
  readonly shortcut?: string | undefined
  /** Where a small button stands alone, its sign keeps the size of words. */
  readonly iconSize?: number
}

/** An act as a sign; its words are read out and stand in the tooltip. */
export function IconButton({ label, icon, look = 'ghost', size = 'normal', shortcut, iconSize, className, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label} shortcut={shortcut}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        className={classNames(styles.button, styles.icon, look !== 'plain' && styles[look], size === 'small' && styles.small, className)}
      >
        <Icon of={icon} size={iconSize ?? (size === 'small' ? 14 : 16)} />
      </button>
    </Tooltip>
  )
}
