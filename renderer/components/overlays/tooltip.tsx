import { Tooltip as Base } from '@base-ui/react/tooltip'
import type { ReactElement, ReactNode } from 'react'
import styles from './tooltip.module.css'

const DELAY_MS = 400

interface TooltipProps {
  readonly text: ReactNode
  /** The key that does the same. */
  readonly shortcut?: string | undefined
  /** The element it belongs to. */
  readonly children: ReactElement<Record<string, unknown>>
  readonly side?: 'top' | 'bottom' | 'right' | 'left'
}

/** Words for what lies under the pointer, after 400 ms, or under the focus, at once. Never the only place of a fact. */
export function Tooltip({ text, shortcut, children, side = 'bottom' }: TooltipProps) {
  return (
    <Base.Root disableHoverablePopup>
      <Base.Trigger render={children} delay={DELAY_MS} closeDelay={0} />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} className={styles.positioner}>
          <Base.Popup className={styles.tip}>
            {text}
            {shortcut !== undefined && <kbd>{shortcut}</kbd>}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
