import { Copy } from 'lucide-react'
import { useRef } from 'react'
import type { Failure } from '../../../shared/errors'
import { Button } from '../../components/buttons/button'
import { Dialog } from '../../components/overlays/dialog'
import type { DialogShell } from '../../components/overlays/dialog-shell'
import { reportOf } from '../../components/notes/failure-report'
import { KeyValue } from '../../components/notes/key-value'
import { t } from '../../i18n/i18n'
import { call } from '../../ipc'
import { attempt } from '../../state/window/attempt'
import text from '../../theme/text.module.css'
import styles from './clusters.module.css'

interface FailureDialogProps extends DialogShell {
  readonly title: string
  readonly failure: Failure
}

/** Why something failed, with all that is known of it. */
export function FailureDialog({ title, failure, ...shell }: FailureDialogProps) {
  const close = useRef<HTMLButtonElement>(null)
  const facts: (readonly [string, React.ReactNode])[] = [
    [t('dialog.failureCode'), <span key="code" className={text.mono} children={failure.code} />],
    ...Object.entries(failure.details ?? {}).map(
      ([key, value]) => [capitalised(key), <span key={key} className={text.mono} children={value} />] as const,
    ),
  ]
  return (
    <Dialog
      {...shell}
      title={title}
      width="medium"
      initialFocus={close}
      actions={
        <>
          <Button
            look="ghost"
            icon={Copy}
            onClick={() => void attempt(t('failure.copy'), () => call('app.copyText', { text: reportOf(title, failure) }))}
          >
            {t('act.copyReport')}
          </Button>
          <Button ref={close} onClick={shell.onClose}>
            {t('act.close')}
          </Button>
        </>
      }
    >
      <p className={text.selectable}>{failure.message}</p>
      {failure.hint !== undefined && <p className={text.selectable}>{failure.hint}</p>}
      <div className={styles.facts}>
        <KeyValue rows={facts} />
      </div>
    </Dialog>
  )
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
