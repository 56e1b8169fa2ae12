import { useRef, type KeyboardEvent, type PointerEvent } from 'react'
import { t } from '../../i18n/i18n'
import { resizeDock, useDock } from '../../state/window/dock-store'
import styles from './logs.module.css'

const STEP = 24
const MIN = 140
const MAX = 2000

/** The upper edge of the dock, to be dragged or moved by arrow keys. */
export function DockHandle() {
  const height = useDock((state) => state.height)
  const start = useRef<{ readonly y: number; readonly height: number }>(null)
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId)
    const dock = event.currentTarget.parentElement
    start.current = { y: event.clientY, height: dock?.offsetHeight ?? height }
  }
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    if (start.current !== null && event.buttons !== 0) resizeDock(start.current.height + start.current.y - event.clientY)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowUp' ? STEP : event.key === 'ArrowDown' ? -STEP : 0
    if (step === 0) return
    event.preventDefault()
    resizeDock(height + step)
  }
  return (
    <div
      role="separator"
      aria-orientation="horizontal"
      aria-label={t('logs.resize')}
      aria-valuenow={height}
      aria-valuemin={MIN}
      aria-valuemax={MAX}
      tabIndex={0}
      className={styles.handle}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        start.current = null
      }}
      onKeyDown={onKeyDown}
    />
  )
}
