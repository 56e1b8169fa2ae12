import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { classNames } from '../../components/class-names'
import { Empty } from '../../components/notes/empty'
import { count } from '../../i18n/amount'
import { t } from '../../i18n/i18n'
import { clockTime, clockTimeWithMillis, exactMoment } from '../../i18n/moment'
import type { LogStream } from '../../state/logs-store'
import { cutAtMatches, hasText, shownLines, type LogLevel, type NumberedLine } from './log-lines'
import { LogTools, type SearchView } from './log-tools'
import styles from './logs.module.css'

const LINE_HEIGHT = 19
const OVERSCAN = 20
const PADDING = 4
/** So near to its end a list counts as being at its end. Pixels. */
const AT_END = 24

/** The lines of one stream: level, search, and following its end. */
export function LogView({ stream }: { readonly stream: LogStream }) {
  const scroller = useRef<HTMLDivElement>(null)
  const [level, setLevel] = useState<LogLevel>('info')
  const [search, setSearch] = useState('')
  const [view, setView] = useState<SearchView>('highlight')
  const [following, setFollowing] = useState(true)
  const [at, setAt] = useState<number>()
  const lines = useMemo(() => shownLines(stream.lines, stream.dropped, level, view === 'filter' ? search : ''), [stream, level, search, view])
  const matches = useMemo(() => (search === '' ? [] : lines.flatMap(({ line }, index) => (hasText(line, search) ? [index] : []))), [lines, search])
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    getItemKey: (index) => lines[index]?.number ?? index,
    overscan: OVERSCAN,
    paddingStart: PADDING,
    paddingEnd: PADDING,
  })
  useLayoutEffect(() => {
    if (following && scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight
  }, [following, lines])
  useEffect(() => setAt(undefined), [search, view, level])
  // A bar that comes with a long line, and an edge that is dragged, leave less room: the end stays in view all the same.
  const listed = lines.length > 0
  useEffect(() => {
    const list = scroller.current
    if (list === null || !following) return
    const observer = new ResizeObserver(() => {
      list.scrollTop = list.scrollHeight
    })
    observer.observe(list)
    return () => observer.disconnect()
  }, [following, listed])

  const onScroll = (): void => {
    const list = scroller.current
    if (list !== null) setFollowing(list.scrollHeight - list.scrollTop - list.clientHeight < AT_END)
  }
  const step = (by: 1 | -1): void => {
    if (matches.length === 0) return
    const next = at === undefined ? (by === 1 ? 0 : matches.length - 1) : (at + by + matches.length) % matches.length
    setAt(next)
    setFollowing(false)
    virtualizer.scrollToIndex(matches[next] ?? 0, { align: 'center' })
  }
  return (
    <>
      <LogTools
        level={level}
        onLevel={setLevel}
        search={search}
        onSearch={setSearch}
        onStep={step}
        found={
          search === ''
            ? undefined
            : at === undefined
              ? t('logs.found', { many: count(matches.length) })
              : t('logs.matches', { at: count(at + 1), all: count(matches.length) })
        }
        view={view}
        onView={setView}
        following={following}
        onFollow={setFollowing}
      />
      {lines.length === 0 ? (
        <div className={styles.middle} role="tabpanel" aria-label={t('logs.list', { node: stream.node })}>
          <Empty title={t(stream.state.kind === 'opening' ? 'logs.opening' : stream.lines.length === 0 ? 'logs.empty' : 'logs.noMatch')} />
        </div>
      ) : (
        <div
          ref={scroller}
          className={styles.lines}
          role="tabpanel"
          aria-label={t('logs.list', { node: stream.node })}
          tabIndex={0}
          data-region-start
          onScroll={onScroll}
        >
          <div className={styles.space} style={{ height: virtualizer.getTotalSize() }}>
            {virtualizer.getVirtualItems().map(({ index, key, start }) => {
              const line = lines[index]
              return line === undefined ? null : (
                <Line key={key} line={line} top={start} search={search} current={at !== undefined && matches[at] === index} />
              )
            })}
          </div>
        </div>
      )}
      <Foot stream={stream} />
    </>
  )
}

interface LineProps {
  readonly line: NumberedLine
  readonly top: number
  readonly search: string
  readonly current: boolean
}

function Line({ line: { line }, top, search, current }: LineProps) {
  return (
    <div
      className={classNames(styles.line, line.level === 'warn' && styles.warn, line.level === 'error' && styles.error, current && styles.at)}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span className={styles.time} title={line.at === undefined ? undefined : exactMoment(line.at).utc}>
        {line.at === undefined ? '' : clockTimeWithMillis(line.at)}
      </span>
      <span className={styles.level}>{line.level.toUpperCase()}</span>
      <span>{cutAtMatches(line.text, search).map((part, index) => (part.found ? <mark key={index}>{part.text}</mark> : part.text))}</span>
    </div>
  )
}

function Foot({ stream }: { readonly stream: LogStream }) {
  const oldest = stream.lines.find((line) => line.at !== undefined)?.at
  return (
    <div className={styles.foot}>
      <span>
        {t('logs.lines', { count: stream.lines.length, many: count(stream.lines.length) })}
        {oldest !== undefined && `, ${t('logs.since', { time: clockTime(oldest) })}`}
      </span>
      <span>{t('logs.localTime')}</span>
    </div>
  )
}
