import { t } from '../../i18n/i18n'
import { useNodes } from '../../state/nodes/nodes-store'
import { statusText } from '../../state/nodes/status-text'
import text from '../../theme/text.module.css'

/** Tells a screen reader which nodes turned into another state; at most a few at a time. */
export function Announcer() {
  const turned = useNodes((state) => state.fold?.turned)
  const said = (turned ?? []).map((entry) =>
    t('frame.turned', { node: entry.id, state: statusText({ ...entry.status, since: undefined, until: undefined }, 0) }),
  )
  return (
    <div className={text.hidden} role="status" aria-live="polite">
      {said.join('. ')}
    </div>
  )
}
