import { Button } from '../../components/buttons/button'
import { reportOf } from '../../components/notes/failure-report'
import { Note } from '../../components/notes/note'
import { t } from '../../i18n/i18n'
import { call } from '../../ipc'
import { dismissActFailure, useUi } from '../../state/window/ui-store'
import styles from './frame.module.css'

/** What the user asked for and could not be done, in the flow above the content. */
export function ActFailureNote() {
  const told = useUi((state) => state.actFailure)
  if (told === undefined) return null
  const { title, failure } = told
  return (
    <div className={styles.failure}>
      <Note
        kind="bad"
        actions={
          <>
            <Button size="small" look="ghost" onClick={() => void call('app.copyText', { text: reportOf(title, failure) })}>
              {t('act.copyReport')}
            </Button>
            <Button size="small" onClick={dismissActFailure}>
              {t('act.dismiss')}
            </Button>
          </>
        }
      >
        <b>{title}</b> {failure.message} {failure.hint}
      </Note>
    </div>
  )
}
