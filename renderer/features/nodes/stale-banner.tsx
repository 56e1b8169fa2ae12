import type { Cluster, ClusterLink } from '../../../shared/cluster'
import { Button } from '../../components/buttons/button'
import { Note } from '../../components/notes/note'
import { Phrase, SLOT } from '../../components/notes/phrase'
import { remaining, span } from '../../i18n/duration'
import { t } from '../../i18n/i18n'
import { moment } from '../../i18n/moment'
import { call } from '../../ipc'
import { useAttempt } from '../../state/window/attempt'
import { useNow } from '../../state/clock'
import { openDialog } from '../../state/window/ui-store'
import text from '../../theme/text.module.css'

interface StaleBannerProps {
  readonly cluster: Cluster
  readonly link: Extract<ClusterLink, { kind: 'stale' }>
}

/** Not live: since when, why, and when it is tried again. The old data stays. */
export function StaleBanner({ cluster, link }: StaleBannerProps) {
  const now = useNow()
  const [busy, attempt] = useAttempt()
  const title = t('nodes.noAnswer', { cluster: cluster.name })
  return (
    <Note
      kind="warn"
      banner
      actions={
        <>
          <Button size="small" look="ghost" onClick={() => openDialog({ kind: 'failure', title, failure: link.failure })}>
            {t('act.why')}
          </Button>
          <Button
            size="small"
            busy={busy ? t('act.tryNow') : undefined}
            onClick={() => void attempt(t('failure.retry', { cluster: cluster.name }), () => call('clusters.retry', { clusterId: cluster.id }))}
          >
            {t('act.tryNow')}
          </Button>
        </>
      }
    >
      <b>{t('nodes.notLive', { time: moment(link.asOf, now) })}</b>{' '}
      {t('nodes.notLiveReason', { reason: link.failure.message, age: span(now - link.asOf) })}{' '}
      <Phrase text={t('nodes.tryingAgain', { time: SLOT })}>
        <span className={`${text.num} ${text.c1}`}>{remaining(link.nextTryAt - now)}</span>
      </Phrase>
    </Note>
  )
}
