import { KeyValue } from '../../../components/notes/key-value'
import surface from '../../../components/surface.module.css'
import { count } from '../../../i18n/amount'
import { t } from '../../../i18n/i18n'
import type { NodeEntry } from '../../../state/nodes/node-entry'
import { jobsOf } from '../../../state/nodes/node-work'
import text from '../../../theme/text.module.css'

/** How many executions the node runs, keeps in its queue, and has been asked for. */
export function Work({ entry }: { readonly entry: NodeEntry }) {
  const jobs = jobsOf(entry)
  if (jobs === 'none' || entry.row === undefined) return null
  const untold = entry.row.work === undefined
  return (
    <div>
      <div className={surface.sectionHead}>
        {t('inspector.work')}
        {jobs !== 'unknown' && jobs.past && <small>{t('inspector.lastKnown')}</small>}
      </div>
      {untold ? (
        <p className={text.c3}>{t('inspector.workNotTold')}</p>
      ) : (
        <KeyValue
          rows={[
            [t('inspector.workRunning'), jobs === 'unknown' ? '–' : count(jobs.running)],
            [t('inspector.workQueued'), jobs === 'unknown' ? '–' : count(jobs.queued)],
            [t('inspector.workAsked'), jobs === 'unknown' ? '–' : count(jobs.asked)],
          ]}
        />
      )}
    </div>
  )
}
