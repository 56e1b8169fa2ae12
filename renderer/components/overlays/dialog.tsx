import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { SubmitEvent, ReactNode, RefObject } from 'react'
import { t } from '../../i18n/i18n'
import { classNames } from '../class-names'
import type { DialogShell } from './dialog-shell'
import styles from './dialog.module.css'
import { IconButton } from '../buttons/icon-button'

interface DialogProps extends DialogShell {
  readonly title: string
  /** What the act does, in the first line. */
  readonly effect?: ReactNode
  readonly width?: 'narrow' | 'medium' | 'wide'
  /** Stands at the left of the foot. */
  readonly note?: ReactNode
  /** The buttons, the safe one first. */
  readonly actions: ReactNode
  /** Where the focus starts: the safe button, or the first field. */
  readonly initialFocus?: RefObject<HTMLElement | null>
  readonly onSubmit?: (() => void) | undefined
  /** A button of its own cancels: no cross is needed. */
  readonly confirms?: boolean
  /** The body brings its own margins. */
  readonly bare?: boolean
  readonly children?: ReactNode
}

/** Asks, or takes what an act needs. Esc cancels; the verb stands on the button. */
export function Dialog({
  open,
  onClose,
  onClosed,
  title,
  effect,
  width = 'narrow',
  note,
  actions,
  initialFocus,
  onSubmit,
  confirms = false,
  bare = false,
  children,
}: DialogProps) {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    onSubmit?.()
  }
  return (
    <Base.Root open={open} onOpenChange={(shown) => shown || onClose()} onOpenChangeComplete={(shown) => shown || onClosed()} disablePointerDismissal>
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Viewport className={styles.viewport}>
          <Base.Popup className={classNames(styles.dialog, styles[width])} {...(initialFocus === undefined ? {} : { initialFocus })}>
            <form className={styles.form} onSubmit={submit} noValidate>
              <div className={styles.head}>
                <div className={styles.titles}>
                  <Base.Title className={styles.title}>{title}</Base.Title>
                  {effect !== undefined && <Base.Description className={styles.effect}>{effect}</Base.Description>}
                </div>
                {!confirms && <Base.Close render={<IconButton label={t('act.close')} icon={X} />} />}
              </div>
              {children !== undefined && <div className={classNames(styles.body, bare && styles.bare)}>{children}</div>}
              <div className={styles.foot}>
                <div className={styles.note}>{note}</div>
                {actions}
              </div>
            </form>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}
