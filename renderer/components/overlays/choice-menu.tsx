import { ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './choice-menu.module.css'
import { Icon } from '../signs/icon'
import { Menu } from './menu'

interface ChoiceMenuProps {
  /** What is chosen, in grey before the choice. */
  readonly label: string
  readonly value: string
  readonly children: ReactNode
}

/** A small button that tells what is chosen and opens the other choices. */
export function ChoiceMenu({ label, value, children }: ChoiceMenuProps) {
  const trigger = (
    <button type="button" className={styles.chip}>
      <span>{label}</span>
      <b>{value}</b>
      <Icon of={ChevronDown} size={12} />
    </button>
  )
  return <Menu trigger={trigger}>{children}</Menu>
}
