import { ClipboardCopy, Check, Play, RotateCw, ScrollText, SlidersHorizontal, Square, Trash2, X, type LucideIcon } from 'lucide-react'
import { t } from '../../i18n/i18n'
import type { NodeAct } from './node-acts'

/** The same sign for an act in menus, rows and the inspector. */
export const actIcons: { readonly [Act in NodeAct]: LucideIcon } = {
  approve: Check,
  reject: X,
  start: Play,
  stop: Square,
  restart: RotateCw,
  log: ScrollText,
  config: SlidersHorizontal,
  copy: ClipboardCopy,
  remove: Trash2,
  delete: Trash2,
}

/** Keys of acts while the list has the focus. */
export const actKeys: { readonly [Act in NodeAct]?: string } = { start: 's', stop: 's', restart: 'r', log: 'l', copy: 'c', config: 'e' }

/** The act in the user’s language, as it stands in a menu. */
export function actWords(act: NodeAct): string {
  switch (act) {
    case 'log':
      return t('act.showLog')
    case 'config':
      return t('inspector.editConfig')
    case 'copy':
      return t('act.copyId')
    default:
      return t(`act.${act}`)
  }
}
