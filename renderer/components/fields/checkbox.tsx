import type { ReactNode } from 'react'
import styles from './choice.module.css'

interface CheckboxProps {
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly children: ReactNode
}

/** A checkbox whose words, the children, belong to what can be clicked. */
export function Checkbox({ checked, onChange, children }: CheckboxProps) {
  return (
    <label className={styles.label}>
      <input type="checkbox" className={styles.check} checked={checked} onChange={(event) => onChange(event.target.checked)} />
      {children}
    </label>
  )
}
