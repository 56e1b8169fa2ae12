import type { ReactNode } from 'react'
import type { NodeRow } from '../../../../shared/models/node-row'
import { classNames } from '../../../components/class-names'
import { Phrase, SLOT } from '../../../components/notes/phrase'
import { Tooltip } from '../../../components/overlays/tooltip'
import { count } from '../../../i18n/amount'
import { freshSpan, remaining, span } from '../../../i18n/duration'
import { t } from '../../../i18n/i18n'
import { exactMoment, moment } from '../../../i18n/moment'
import { useNow } from '../../../state/clock'
import { connectionOf, isOrchestrator, timeOf } from '../../../state/nodes/node-status'
import text from '../../../theme/text.module.css'
import { useClusterView } from '../cluster-context'
import styles from './inspector.module.css'
import { verdictOf } from './verdict'

/** Both truths of a node side by side, each with its age, and what they mean together. */
export function Truths({ row }: { readonly row: NodeRow }) {
  return (
    <div className={styles.truths}>
      <SocketLane row={row} />
      <OrchestratorLane row={row} />
      <VerdictWords row={row} />
    </div>
  )
}

interface LaneProps {
  readonly name: string
  readonly word: ReactNode
  readonly tone: string | undefined
  readonly facts: readonly (readonly [key: string, value: ReactNode])[]
}

function Lane({ name, word, tone, facts }: LaneProps) {
  const { stale } = useClusterView()
  return (
    <div className={styles.lane}>
      <div className={styles.laneName}>{name}</div>
      <div className={classNames(styles.laneWord, text.num, stale ? text.c3 : tone)}>{word}</div>
      <dl>
        {facts.map(([key, value]) => (
          <div key={key} className={styles.fact}>
            <dt>{key}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

/** A time told relatively, exactly in the tooltip. */
function When({ at, children }: { readonly at: number; readonly children: string }) {
  const { local, utc } = exactMoment(at)
  return (
    <Tooltip
      text={
        <>
          {local}
          <span className={text.c3}>{utc}</span>
        </>
      }
    >
      <span tabIndex={0}>{children}</span>
    </Tooltip>
  )
}

function SocketLane({ row }: { readonly row: NodeRow }) {
  const now = useNow()
  const { socket } = row
  const name = t('inspector.socket')
  switch (socket.kind) {
    case 'up':
      return (
        <Lane
          name={name}
          word={t('inspector.up', { age: span(now - socket.since) })}
          tone={text.ok}
          facts={[
            [t('inspector.rtt'), socket.rttMs === undefined ? '–' : `${socket.rttMs.toFixed(1)} ${t('unit.millisecond')}`],
            [t('inspector.from'), socket.host === '' ? '–' : socket.host],
            [t('inspector.client'), count(socket.clientId)],
            [t('inspector.since'), <When key="since" at={socket.since} children={moment(socket.since, now)} />],
          ]}
        />
      )
    case 'lost':
    case 'stopped':
      return (
        <Lane
          name={name}
          word={t(`inspector.${socket.kind}`, { age: span(now - socket.at) })}
          tone={socket.kind === 'lost' ? text.bad : text.off}
          facts={[
            [t('inspector.closed'), socket.reason],
            [t('inspector.wasUp'), span(socket.at - socket.since)],
            [t('inspector.notice'), t(socket.kind === 'lost' ? 'inspector.noticeNo' : 'inspector.noticeYes')],
            [t('inspector.since'), <When key="since" at={socket.at} children={moment(socket.at, now)} />],
          ]}
        />
      )
    case 'none':
      return isOrchestrator(row, undefined) ? (
        <Lane name={name} word={t('inspector.needsNone')} tone={text.off} facts={[]} />
      ) : (
        <Lane name={name} word={t('inspector.none')} tone={text.off} facts={[]} />
      )
    case 'unknown':
      return <Lane name={name} word={t('inspector.notTold')} tone={text.off} facts={[]} />
  }
}

function OrchestratorLane({ row }: { readonly row: NodeRow }) {
  const now = useNow()
  const { ConnectionState: connection, Membership } = row.state
  const word = connectionOf(row)
  const heartbeat = timeOf(connection.LastHeartbeat)
  const since = timeOf(word === 'CONNECTED' ? connection.ConnectedSince : connection.DisconnectedSince)
  const sequence = connection.LastComputeSeqNum
  return (
    <Lane
      name={t('inspector.orchestrator')}
      word={word}
      tone={word === 'CONNECTED' ? text.ok : word === 'DISCONNECTED' && row.socket.kind !== 'stopped' ? text.bad : text.off}
      facts={[
        [
          t('inspector.heartbeat'),
          heartbeat === undefined ? (
            t('inspector.never')
          ) : (
            <When key="hb" at={heartbeat} children={t('inspector.ago', { age: freshSpan(now - heartbeat) })} />
          ),
        ],
        [t('inspector.approval'), Membership],
        [t('inspector.since'), since === undefined ? '–' : <When key="since" at={since} children={moment(since, now)} />],
        [t('inspector.sequence'), sequence === undefined ? '–' : count(sequence)],
      ]}
    />
  )
}

function VerdictWords({ row }: { readonly row: NodeRow }) {
  const now = useNow()
  const { stale } = useClusterView()
  const verdict = verdictOf(row)
  if (stale) return null
  switch (verdict.kind) {
    case 'agree':
      return <div className={styles.verdict}>{t('inspector.verdictAgree')}</div>
    case 'itself':
      return <div className={styles.verdict}>{t('inspector.inProcess')}</div>
    case 'alone':
      return <div className={styles.verdict}>{t('inspector.foreign')}</div>
    case 'silent':
      return <div className={styles.verdict}>{t('inspector.verdictSilent')}</div>
    case 'pending':
      return <div className={styles.verdict}>{t('inspector.verdictPending')}</div>
    case 'rejected':
      return <div className={styles.verdict}>{t('inspector.verdictRejected')}</div>
    case 'stopped':
      return <div className={styles.verdict}>{t('inspector.verdictStopped')}</div>
    case 'noticed-late':
      return <div className={styles.verdict}>{t('inspector.verdictNotNoticedEver')}</div>
    case 'conflict':
      return <div className={styles.verdict}>{t('inspector.verdictConflict', { hosts: verdict.hosts.join(', ') })}</div>
    case 'not-noticed': {
      const left = verdict.by - now
      const part = Math.min(1, Math.max(0, (now - verdict.from) / Math.max(1, verdict.by - verdict.from)))
      return (
        <div className={styles.verdict}>
          {left > 0 ? (
            <Phrase text={t('inspector.verdictNotNoticed', { time: SLOT })}>
              <b>{remaining(left)}</b>
            </Phrase>
          ) : (
            t('inspector.verdictNotNoticedSoon')
          )}
          <div className={styles.countdown} aria-hidden="true">
            <i style={{ width: `${part * 100}%` }} />
          </div>
        </div>
      )
    }
  }
}
