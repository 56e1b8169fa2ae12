import { memo, useMemo, type PointerEvent, type RefObject } from 'react'
import { t } from '../../../../i18n/i18n'
import type { ListItem } from '../list/order-nodes'
import { scrollMapMarks } from './scroll-map-marks'
import styles from './scroll-map.module.css'

/** So many places for marks; a window is hardly higher than that in steps of three pixels. */
const PLACES = 240

interface ScrollMapProps {
  readonly items: readonly ListItem[]
  /** How much of the list is seen at once: 0 to 1. */
  readonly seen: number
  readonly scroller: RefObject<HTMLDivElement | null>
}

/** The scroll bar of long lists: ticks where rows want attention, a press jumps there. The thumb follows by its style sheet alone. */
export function ScrollMap({ items, seen, scroller }: ScrollMapProps) {
  const jump = (event: PointerEvent<HTMLDivElement>): void => {
    const list = scroller.current
    if (list === null || (event.type === 'pointermove' && event.buttons === 0)) return
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId)
    const box = event.currentTarget.getBoundingClientRect()
    const part = Math.min(1, Math.max(0, (event.clientY - box.top) / box.height))
    list.scrollTo({ top: part * list.scrollHeight - list.clientHeight / 2 })
  }
  // The list itself scrolls by wheel and key; this is the pointer's short cut, so it is no stop for the keyboard.
  return (
    <div className={styles.map} title={t('nodes.scrollMap')} aria-hidden="true" onPointerDown={jump} onPointerMove={jump}>
      <div className={styles.thumb} style={{ height: `${Math.min(1, seen) * 100}%` }} />
      <Marks items={items} />
    </div>
  )
}

const Marks = memo(function Marks({ items }: { readonly items: readonly ListItem[] }) {
  const marks = useMemo(() => scrollMapMarks(items, PLACES), [items])
  return marks.map(({ at, tone }) => <i key={at} className={`${styles.mark} ${styles[tone]}`} style={{ top: `${at * 100}%` }} />)
})
