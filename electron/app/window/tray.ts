import path from 'node:path'
import { app, Menu, nativeImage, Tray } from 'electron'
import type { Cluster } from '../../../shared/cluster'
import { toFailure } from '../../../shared/errors'
import type { Logger } from '../../log/logger'
import type { AnswerCommand } from '../ipc/ipc'
import { stateLine, trayMenu, type TrayAct } from './tray-menu'

/** What the tray shows, and whom it asks. */
interface TrayOptions {
  /** The folder of the built program. */
  readonly bundle: string
  readonly showWindow: () => void
  readonly quit: () => void
  /** The window's commands, answered the same way. */
  readonly answer: () => Promise<AnswerCommand>
  readonly log: Logger
}

/** The icon that stays when the window is closed while nodes go on. */
interface AppTray {
  /** Shows these clusters from now on. */
  readonly update: (clusters: readonly Cluster[]) => void
}

/** Shows the icon; its menu says that the app is starting until `update`. */
export function openTray({ bundle, showWindow, quit, answer, log }: TrayOptions): AppTray {
  const icons = app.isPackaged ? path.join(process.resourcesPath, 'icons') : path.join(bundle, '..', 'resources', 'icons')
  const image = nativeImage.createFromPath(path.join(icons, '16x16.png'))
  image.addRepresentation({ scaleFactor: 2, buffer: nativeImage.createFromPath(path.join(icons, '32x32.png')).toPNG() })
  const tray = new Tray(image)

  const act = (chosen: TrayAct): void => {
    if (chosen.kind === 'open') showWindow()
    else if (chosen.kind === 'quit') quit()
    else void turn(chosen)
  }
  const turn = async ({ kind, clusterId }: Extract<TrayAct, { clusterId: string }>): Promise<void> => {
    try {
      await (
        await answer()
      )(`clusters.${kind}`, { clusterId })
    } catch (error) {
      // The window shows what stands in the way, with the next step.
      log.warn('A cluster did not do as the tray was told.', { cluster: clusterId, error: toFailure(error).message })
      showWindow()
    }
  }
  let shown = ''
  const show = (clusters: readonly Cluster[] | undefined): void => {
    const groups = trayMenu(clusters)
    // A menu that is set anew closes in front of its reader, so only a change sets it.
    const said = JSON.stringify(groups)
    if (said === shown) return
    shown = said
    tray.setToolTip(`Shoal: ${stateLine(clusters)}`)
    tray.setContextMenu(
      Menu.buildFromTemplate(
        groups.flatMap((rows, index) => [
          ...(index > 0 ? [{ type: 'separator' as const }] : []),
          ...rows.map(({ text, act: chosen }) => ({
            label: plain(text),
            enabled: chosen !== undefined,
            click: () => chosen !== undefined && act(chosen),
          })),
        ]),
      ),
    )
  }
  tray.on('click', () => {
    if (process.platform === 'win32') showWindow()
  })
  show(undefined)
  return { update: show }
}

/** A label in which an ampersand is one, and does not underline what follows it. */
function plain(text: string): string {
  return text.replaceAll('&', '&&')
}
