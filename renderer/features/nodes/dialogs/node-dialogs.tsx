import { useRef, useState } from 'react'
import { Button } from '../../../components/buttons/button'
import { Dialog } from '../../../components/overlays/dialog'
import type { DialogShell } from '../../../components/overlays/dialog-shell'
import { Field } from '../../../components/fields/field'
import { t } from '../../../i18n/i18n'
import { call } from '../../../ipc'
import { attempt } from '../../../state/window/attempt'
import styles from './dialogs.module.css'

interface NodeDialogProps extends DialogShell {
  readonly clusterId: string
  readonly node: string
}

interface ConfirmProps extends DialogShell {
  readonly title: string
  readonly effect: string
  readonly verb: string
  readonly act: () => void
  readonly children?: React.ReactNode
}

/** The effect first, the verb on the button, the focus on the safe one. */
function Confirm({ title, effect, verb, act, children, ...shell }: ConfirmProps) {
  const safe = useRef<HTMLButtonElement>(null)
  const go = (): void => {
    shell.onClose()
    act()
  }
  return (
    <Dialog
      {...shell}
      title={title}
      initialFocus={safe}
      confirms
      actions={
        <>
          <Button ref={safe} onClick={shell.onClose}>
            {t('act.cancel')}
          </Button>
          <Button look="danger" onClick={go}>
            {verb}
          </Button>
        </>
      }
    >
      <p>{effect}</p>
      {children}
    </Dialog>
  )
}

/** Asks before a node of this machine is stopped and its data deleted. */
export function RemoveNodeDialog({ clusterId, node, ...shell }: NodeDialogProps) {
  return (
    <Confirm
      {...shell}
      title={t('dialog.removeTitle', { node })}
      effect={t('dialog.removeEffect')}
      verb={t('dialog.removeButton')}
      act={() => void attempt(t('failure.nodeRemove', { node }), () => call('nodes.remove', { clusterId, node }))}
    />
  )
}

/** Asks before the orchestrator forgets a node; one that still runs comes back. */
export function DeleteNodeDialog({ clusterId, node, ...shell }: NodeDialogProps) {
  return (
    <Confirm
      {...shell}
      title={t('dialog.deleteTitle', { node })}
      effect={t('dialog.deleteEffect')}
      verb={t('dialog.deleteButton', { node })}
      act={() => void attempt(t('failure.nodeDelete', { node }), () => call('nodes.delete', { clusterId, node }))}
    />
  )
}

const MAX_MESSAGE = 1024

/** Asks before a node is refused, and for a reason that may be left out. */
export function RejectNodeDialog({ clusterId, node, ...shell }: NodeDialogProps) {
  const [message, setMessage] = useState('')
  return (
    <Confirm
      {...shell}
      title={t('dialog.rejectTitle', { node })}
      effect={t('dialog.rejectEffect')}
      verb={t('dialog.rejectButton', { node })}
      act={() =>
        void attempt(t('failure.nodeReject', { node }), () =>
          call('nodes.reject', { clusterId, node, ...(message.trim() === '' ? {} : { message: message.trim() }) }),
        )
      }
    >
      <div className={styles.below}>
        <Field
          className={styles.wide}
          label={t('dialog.rejectMessage')}
          labelPlace="inside"
          placeholder={t('dialog.rejectExample')}
          value={message}
          maxLength={MAX_MESSAGE}
          onChange={(event) => setMessage(event.target.value)}
        />
      </div>
    </Confirm>
  )
}
