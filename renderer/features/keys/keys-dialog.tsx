import { useRef } from 'react'
import { Button } from '../../components/buttons/button'
import { Dialog } from '../../components/overlays/dialog'
import type { DialogShell } from '../../components/overlays/dialog-shell'
import surface from '../../components/surface.module.css'
import { t } from '../../i18n/i18n'
import styles from './keys-dialog.module.css'

type Line = readonly [keys: readonly string[], words: string]

const windowKeys = (): readonly Line[] => [
  [['g', 'n'], t('keys.goNodes')],
  [['g', 'a'], t('keys.goAccess')],
  [['g', 'c'], t('keys.goConfig')],
  [['/'], t('keys.search')],
  [['?'], t('keys.keys')],
  [['Esc'], t('keys.back')],
  [['Ctrl B'], t('keys.sideBar')],
  [['Ctrl J'], t('keys.dock')],
  [['Ctrl 1 … 9'], t('keys.cluster')],
  [['F6'], t('keys.region')],
  [['Alt ←'], t('keys.goBack')],
  [['Ctrl Enter'], t('keys.save')],
]
const listKeys = (): readonly Line[] => [
  [['j', 'k', '↑', '↓'], t('keys.move')],
  [['Enter'], t('keys.open')],
  [['Shift F10'], t('keys.menu')],
  [['i'], t('keys.inspector')],
  [['n'], t('keys.add')],
  [['s'], t('keys.startStop')],
  [['r'], t('keys.restart')],
  [['l'], t('keys.logs')],
  [['e'], t('keys.goConfig')],
  [['c'], t('keys.copy')],
]

/** Every key that does something. */
export function KeysDialog(shell: DialogShell) {
  const close = useRef<HTMLButtonElement>(null)
  return (
    <Dialog
      {...shell}
      title={t('dialog.keysTitle')}
      width="medium"
      initialFocus={close}
      actions={
        <Button ref={close} onClick={shell.onClose}>
          {t('act.close')}
        </Button>
      }
    >
      <div className={styles.columns}>
        <Group title={t('keys.window')} lines={windowKeys()} />
        <Group title={t('keys.list')} lines={listKeys()} />
      </div>
    </Dialog>
  )
}

function Group({ title, lines }: { readonly title: string; readonly lines: readonly Line[] }) {
  return (
    <section>
      <h3 className={surface.sectionHead}>{title}</h3>
      <dl className={styles.list}>
        {lines.map(([keys, words]) => (
          <div key={words}>
            <dt>{words}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
