import { Maximize2, Minimize2, Plus, ScrollText, X } from 'lucide-react'
import { useEffect, type KeyboardEvent } from 'react'
import type { Cluster } from '../../../shared/cluster'
import { Button } from '../../components/buttons/button'
import { Empty } from '../../components/notes/empty'
import { ErrorCard } from '../../components/notes/error-card'
import { Icon } from '../../components/signs/icon'
import { IconButton } from '../../components/buttons/icon-button'
import { Menu, MenuItem } from '../../components/overlays/menu'
import { t } from '../../i18n/i18n'
import { setDockOpen, toggleDockFull, useDock } from '../../state/window/dock-store'
import { closeLog, openLog, showLog, streamKey, useLogs, type LogStream } from '../../state/logs-store'
import { DockHandle } from './dock-handle'
import { LogView } from './log-view'
import styles from './logs.module.css'

/** Room that the dock leaves to the content. Pixels. */
const LEFT_ABOVE = 200

/** Streams of log lines under the content; it stays while the screens change. */
export function LogsDock({ cluster }: { readonly cluster: Cluster | undefined }) {
  const { height, full } = useDock()
  const streams = useLogs((state) => state.streams)
  const active = useLogs((state) => state.active)
  const first = cluster?.localNodes[0]?.name
  const clusterId = cluster?.id
  const empty = streams.length === 0
  useEffect(() => {
    if (empty && clusterId !== undefined && first !== undefined) void openLog(clusterId, first)
  }, [empty, clusterId, first])
  const shown = streams.find((stream) => streamKey(stream.clusterId, stream.node) === active) ?? streams[0]
  return (
    <section
      className={styles.dock}
      style={{ height: full ? 'calc(100% - 40px)' : `min(${height}px, max(140px, 100% - ${LEFT_ABOVE}px))` }}
      aria-label={t('logs.title')}
      data-region
      tabIndex={-1}
    >
      {!full && <DockHandle />}
      <div className={styles.head}>
        <Tabs streams={streams} shown={shown} />
        {cluster !== undefined && cluster.localNodes.length > 0 && <OpenAnother cluster={cluster} />}
        <span className={styles.spring} />
        <IconButton size="small" label={t(full ? 'logs.narrow' : 'logs.wide')} icon={full ? Minimize2 : Maximize2} onClick={toggleDockFull} />
        <IconButton size="small" label={t('logs.closeDock')} shortcut="Ctrl J" icon={X} onClick={() => setDockOpen(false)} />
      </div>
      {shown === undefined ? (
        <div className={styles.middle}>
          <Empty title={t('logs.none')} reason={t('logs.noneReason')} />
        </div>
      ) : (
        <Stream key={streamKey(shown.clusterId, shown.node)} stream={shown} />
      )}
    </section>
  )
}

function Stream({ stream }: { readonly stream: LogStream }) {
  if (stream.state.kind !== 'failed') return <LogView stream={stream} />
  return (
    <div className={styles.middle} role="tabpanel">
      <ErrorCard
        title={t('logs.failed', { node: stream.node })}
        failure={stream.state.failure}
        acts={
          <Button look="primary" onClick={() => void openLog(stream.clusterId, stream.node)}>
            {t('act.tryAgain')}
          </Button>
        }
      />
    </div>
  )
}

interface TabsProps {
  readonly streams: readonly LogStream[]
  readonly shown: LogStream | undefined
}

function Tabs({ streams, shown }: TabsProps) {
  const move = (event: KeyboardEvent, index: number): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = streams[(index + step + streams.length) % streams.length]
    if (step === 0 || next === undefined) return
    showLog(streamKey(next.clusterId, next.node))
    event.currentTarget.parentElement?.parentElement?.querySelectorAll<HTMLElement>('[role="tab"]')[streams.indexOf(next)]?.focus()
  }
  return (
    <div className={styles.tabs} role="tablist" aria-label={t('logs.title')}>
      {streams.map((stream, index) => {
        const key = streamKey(stream.clusterId, stream.node)
        return (
          <span key={key} className={styles.tab} role="presentation">
            <button
              type="button"
              role="tab"
              className={styles.tabButton}
              aria-selected={stream === shown}
              tabIndex={stream === shown ? 0 : -1}
              onClick={() => showLog(key)}
              aria-keyshortcuts="Delete"
              onKeyDown={(event) => (event.key === 'Delete' ? closeLog(key) : move(event, index))}
            >
              <Icon of={ScrollText} size={14} />
              {stream.node}
            </button>
            {/* A list of tabs holds nothing but tabs: the cross is for the pointer, the key does the same. */}
            <span className={styles.closeTab} aria-hidden="true" title={t('logs.closeStream', { node: stream.node })} onClick={() => closeLog(key)}>
              <Icon of={X} size={14} />
            </span>
          </span>
        )
      })}
    </div>
  )
}

function OpenAnother({ cluster }: { readonly cluster: Cluster }) {
  return (
    <Menu trigger={<IconButton size="small" label={t('logs.openAnother')} icon={Plus} />}>
      {cluster.localNodes.map(({ name }) => (
        <MenuItem key={name} icon={ScrollText} onClick={() => void openLog(cluster.id, name)}>
          {name}
        </MenuItem>
      ))}
    </Menu>
  )
}
