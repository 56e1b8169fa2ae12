import { ContextMenu } from '@base-ui/react/context-menu'
import { useState, type ReactElement } from 'react'
import { menuPlace } from '../../../../components/overlays/menu'
import menuStyles from '../../../../components/overlays/menu.module.css'
import { t } from '../../../../i18n/i18n'
import { useNodeEntry } from '../../../../state/nodes/nodes-store'
import { selectNode, useUi } from '../../../../state/window/ui-store'
import { NodeMenuItems } from '../../node-menu-items'

/** The menu of the row under the pointer, or of the selected one by Shift F10. */
export function NodeContextMenu({ children }: { readonly children: ReactElement<Record<string, unknown>> }) {
  const [id, setId] = useState<string>()
  const entry = useNodeEntry(id)
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger
        render={children}
        onContextMenu={(event) => {
          const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-node]') : null
          const chosen = row?.dataset['node'] ?? (event.target === event.currentTarget ? useUi.getState().selectedNode : undefined)
          if (chosen === undefined) {
            event.preventDefault()
            event.preventBaseUIHandler()
            return
          }
          selectNode(chosen)
          setId(chosen)
        }}
      />
      <ContextMenu.Portal container={menuPlace()}>
        <ContextMenu.Positioner className={menuStyles.positioner}>
          <ContextMenu.Popup className={menuStyles.menu} aria-label={id === undefined ? undefined : t('nodes.menuFor', { node: id })}>
            {entry !== undefined && <NodeMenuItems entry={entry} />}
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  )
}
