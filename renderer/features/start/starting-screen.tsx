import { ScrollText } from 'lucide-react'
import type { Cluster, ClusterPhase, StartStep } from '../../../shared/cluster'
import { Button } from '../../components/buttons/button'
import { classNames } from '../../components/class-names'
import { StatusMark } from '../../components/signs/status-mark'
import { Steps, type StepLine } from '../../components/signs/steps'
import surface from '../../components/surface.module.css'
import { exactSpan, freshSpan, span } from '../../i18n/duration'
import { t } from '../../i18n/i18n'
import { call } from '../../ipc'
import { attempt, useAttempt } from '../../state/window/attempt'
import { useQuickNow } from '../../state/clock'
import { setDockOpen } from '../../state/window/dock-store'
import { openLog } from '../../state/logs-store'
import { startCluster } from '../../state/start-cluster'
import { tellsLine } from '../../state/window/told-line'
import text from '../../theme/text.module.css'
import { AttachCard } from './start-screen'
import styles from './start.module.css'

const USUAL_MS = 2000

interface StartingScreenProps {
  readonly cluster: Cluster
  readonly phase: Extract<ClusterPhase, { kind: 'starting' }>
}

/** The start of a cluster, step by step. */
export function StartingScreen({ cluster, phase }: StartingScreenProps) {
  const now = useQuickNow()
  const [cancelling, cancel] = useAttempt()
  const taken = now - phase.since
  const current = phase.steps.find((step) => step.status === 'begun')
  const names = { cluster: cluster.name }
  return (
    <div className={styles.page}>
      <div className={styles.grid}>
        <header className={styles.head}>
          <h2 className={styles.title}>{t('start.starting', names)}</h2>
          <p className={styles.lead}>
            {taken < USUAL_MS || current === undefined
              ? t('start.soFar', { time: freshSpan(taken) })
              : t('start.soFarLong', { time: freshSpan(taken), limit: span(current.limitMs) })}
          </p>
        </header>
        <div>
          <StepsCard steps={phase.steps} now={now} lastLine={phase.lastLogLine ?? ''} />
          <div className={styles.below}>
            <Button
              busy={cancelling ? t('act.stopBusy') : undefined}
              onClick={() => void cancel(t('failure.clusterStop', names), () => call('clusters.cancelStart', { clusterId: cluster.id }))}
            >
              {t('act.cancel')}
            </Button>
            <ShowLog cluster={cluster} />
            <span className={styles.same}>
              {t('start.sameAs')} <span className={classNames(text.mono, styles.command)}>shoal up</span>
            </span>
          </div>
        </div>
        <AttachCard inert />
      </div>
    </div>
  )
}

interface StartFailedScreenProps {
  readonly cluster: Cluster
  readonly phase: Extract<ClusterPhase, { kind: 'failed' }>
}

/** A start that ended badly: which step, what was seen, what to do. */
export function StartFailedScreen({ cluster, phase }: StartFailedScreenProps) {
  const names = { cluster: cluster.name }
  return (
    <div className={styles.page}>
      <div className={styles.grid}>
        <header className={styles.head}>
          <h2 className={styles.title}>{t('start.failed', names)}</h2>
          <p className={styles.lead}>{t('start.failedLead')}</p>
        </header>
        <div>
          <div className={styles.failure} role="alert">
            <StatusMark kind="bad" />
            <p>
              {phase.failure.message} {phase.failure.hint}
            </p>
          </div>
          {phase.steps.length > 0 && (
            <StepsCard steps={phase.steps} now={phase.at} lastLine={lastLineOf(cluster, `${phase.failure.message} ${phase.failure.hint ?? ''}`)} />
          )}
          <div className={styles.below}>
            <Button look="primary" onClick={() => void startCluster(cluster.id)}>
              {t('act.tryAgain')}
            </Button>
            <ShowLog cluster={cluster} />
            <span className={styles.same} />
          </div>
        </div>
        <AttachCard />
      </div>
    </div>
  )
}

/** The last words of a host, unless they are told already. */
function lastLineOf(cluster: Cluster, told: string): string | undefined {
  const line = cluster.localNodes.find((node) => node.lastLogLine !== undefined)?.lastLogLine
  return line === undefined || tellsLine(told, line) ? undefined : line
}

function ShowLog({ cluster }: { readonly cluster: Cluster }) {
  const host = cluster.localNodes[0]
  if (host === undefined) return null
  const show = (): void => {
    setDockOpen(true)
    void attempt(t('logs.failed', { node: host.name }), () => openLog(cluster.id, host.name))
  }
  return (
    <Button look="ghost" icon={ScrollText} onClick={show}>
      {t('act.showLog')}
    </Button>
  )
}

interface StepsCardProps {
  readonly steps: readonly StartStep[]
  readonly now: number
  /** Its place is kept while there may be one. */
  readonly lastLine: string | undefined
}

function StepsCard({ steps, now, lastLine }: StepsCardProps) {
  return (
    <div className={classNames(styles.card, styles.stepsCard)}>
      <Steps steps={steps.map((step) => stepLine(step, now))} />
      {lastLine !== undefined && <div className={styles.rule} />}
      {lastLine !== undefined && (
        <div className={classNames(surface.code, styles.lastLine)} title={lastLine}>
          {lastLine}
        </div>
      )}
    </div>
  )
}

function stepLine({ name, status, detail, ms, beganAt, limitMs }: StartStep, now: number): StepLine {
  const taken = ms ?? (beganAt === undefined ? undefined : now - beganAt)
  const time = taken === undefined ? t('step.limit', { time: span(limitMs) }) : exactSpan(taken)
  return { name: t(`step.${name}`), status, detail, time: status === 'to-come' ? t('step.limit', { time: span(limitMs) }) : time }
}
