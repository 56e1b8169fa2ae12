import { Play } from 'lucide-react'
import type { LocalNode } from '../../../../shared/cluster'
import { Button } from '../../../components/buttons/button'
import { classNames } from '../../../components/class-names'
import { KeyValue } from '../../../components/notes/key-value'
import surface from '../../../components/surface.module.css'
import { remaining, span } from '../../../i18n/duration'
import { t } from '../../../i18n/i18n'
import { useNow } from '../../../state/clock'
import { tellsLine } from '../../../state/window/told-line'
import text from '../../../theme/text.module.css'
import { useClusterView } from '../cluster-context'
import { runNodeAct } from '../run-node-act'
import styles from './inspector.module.css'

/** What is wrong with a process of this machine: since when, why, its last line, and when it starts again. */
export function TroubleCard({ local }: { readonly local: LocalNode }) {
  const now = useNow()
  const { clusterId } = useClusterView()
  const { state, connection } = local
  if (state.kind === 'waiting' || state.kind === 'failed') {
    const again = state.kind === 'waiting' ? state.nextTryAt : undefined
    return (
      <Trouble
        title={t('inspector.crashed', { age: span(now - state.since) })}
        tone={text.bad}
        side={state.kind === 'waiting' ? t('inspector.crashedAttempt', { attempt: state.attempt }) : t('inspector.givenUp')}
        message={state.failure.message}
        hint={state.failure.hint}
        line={local.lastLogLine}
      >
        <Button size="small" icon={Play} onClick={() => void runNodeAct('start', clusterId, local.name)}>
          {t(again === undefined ? 'act.start' : 'act.startNow')}
        </Button>
        {again !== undefined && (
          <Button size="small" onClick={() => void runNodeAct('stop', clusterId, local.name)}>
            {t('inspector.doNotRestart')}
          </Button>
        )}
        <Button size="small" look="ghost" onClick={() => void runNodeAct('log', clusterId, local.name)}>
          {t('inspector.log')}
        </Button>
        {again !== undefined && <span className={styles.again}>{t('inspector.nextIn', { time: remaining(again - now) })}</span>}
      </Trouble>
    )
  }
  if (state.kind !== 'running' || connection?.kind !== 'waiting') return null
  const refused = connection.code === 'nats.refused'
  return (
    <Trouble
      title={t(refused ? 'inspector.refused' : 'inspector.waiting', { age: span(now - connection.since) })}
      tone={refused ? text.bad : text.warn}
      side={t('inspector.attempt', { attempt: connection.attempt })}
      message={connection.message}
      hint={connection.hint}
    >
      <Button size="small" look="ghost" onClick={() => void runNodeAct('log', clusterId, local.name)}>
        {t('inspector.log')}
      </Button>
      <span className={styles.again}>{t('inspector.nextIn', { time: remaining(connection.nextTryAt - now) })}</span>
    </Trouble>
  )
}

interface TroubleProps {
  readonly title: string
  readonly tone: string | undefined
  readonly side: string
  readonly message: string
  readonly hint: string | undefined
  readonly line?: string | undefined
  readonly children: React.ReactNode
}

function Trouble({ title, tone, side, message, hint, line, children }: TroubleProps) {
  return (
    <div className={styles.process}>
      <div className={classNames(styles.processHead, text.num)}>
        <span className={tone}>{title}</span>
        <small>{side}</small>
      </div>
      <p className={styles.reason}>{message}</p>
      {hint !== undefined && <p className={styles.reason}>{hint}</p>}
      {line !== undefined && !tellsLine(message, line) && <pre className={classNames(surface.codebox, surface.code, styles.line)}>{line}</pre>}
      <div className={styles.acts} style={{ marginTop: 10 }}>
        {children}
      </div>
    </div>
  )
}

/** Facts of the process, where all is well with it. */
export function ProcessFacts({ local }: { readonly local: LocalNode }) {
  const now = useNow()
  const { state, connection, apiUrl } = local
  const rows: (readonly [string, React.ReactNode])[] = []
  if (state.kind === 'running') {
    rows.push([t('inspector.process'), t('inspector.processOf', { pid: state.pid, age: span(now - state.since) })])
    if (state.restarts > 0) rows.push([t('inspector.restarts'), String(state.restarts)])
  } else rows.push([t('inspector.process'), '–'])
  if (apiUrl !== undefined) {
    rows.push([
      t('inspector.api'),
      <span key="api" className={classNames(text.mono, text.ellipsis)} title={apiUrl} children={apiUrl.replace(/^https?:\/\//, '')} />,
    ])
  }
  if (connection?.kind === 'connected') {
    rows.push([
      t('inspector.server'),
      <span key="server" className={classNames(text.mono, text.ellipsis)} title={connection.serverName} children={connection.address} />,
    ])
  }
  return (
    <div>
      <div className={surface.sectionHead}>{t('inspector.facts')}</div>
      <KeyValue rows={rows} />
    </div>
  )
}
