import path from 'node:path'
import { app, session } from 'electron'
import { applyTheme } from './app/app-facts'
import { openAppLog } from './app/app-log'
import { registerAppScheme, serveAppFiles } from './app/page/app-protocol'
import { openBackend } from './app/backend-door'
import { createCloseQuestion } from './app/window/close-question'
import { commandLineArguments } from './app/launch/command-line'
import { isFirstInstance } from './app/launch/first-instance'
import { createPublisher, serveCommands } from './app/ipc/ipc'
import { lockDownPages, lockDownSession } from './app/page/lockdown'
import { openPreferences } from './app/preferences'
import { runCommandLine } from './app/launch/run-command-line'
import { enableSandbox } from './app/launch/sandbox'
import { holdQuit } from './app/shutdown'
import { openTray } from './app/window/tray'
import { userData } from './app/user-data'
import { createWindowKeeper } from './app/window/window-keeper'

const bundle = __dirname
const cliArguments = commandLineArguments(process.argv)
if (cliArguments === undefined) runApp()
else void runCommandLine(cliArguments, async () => (await import('./cli/run-cli')).runCli)

/** The window comes first; all that it does not need to be painted is loaded while its page loads. */
function runApp(): void {
  if (process.env.SHOAL_USER_DATA) app.setPath('userData', path.resolve(process.env.SHOAL_USER_DATA))
  const keeper = createWindowKeeper()
  if (!isFirstInstance(keeper.show)) {
    process.stderr.write('Shoal is running already; its window was brought to the front.\n')
    app.quit()
    return
  }
  const data = userData(app.getPath('userData'))
  const { log, close: closeLog } = openAppLog(data.log)
  const onDenied = (what: string): void => log.warn(`Denied ${what}.`)
  const preferences = openPreferences(data.preferences, (message) => log.warn(message))
  const sandboxed = enableSandbox()
  registerAppScheme()
  lockDownPages(onDenied)
  applyTheme(preferences.current.theme)

  void app.whenReady().then(() => {
    const publish = createPublisher()
    const answer = async () => (await backend.opened()).answer
    const closeQuestion = createCloseQuestion({
      running: () => backend.current?.running() ?? [],
      preferences,
      ask: (clusters) => publish('app.closeAsked', { clusters }),
      closeWindow: keeper.destroy,
      quit: () => app.quit(),
    })
    serveAppFiles(path.join(bundle, 'renderer'))
    lockDownSession(session.defaultSession, onDenied)
    serveCommands(answer)
    keeper.open({ preload: path.join(bundle, 'preload.js'), preferences, mayClose: closeQuestion.mayClose })

    const tray = openTray({ bundle, showWindow: keeper.show, quit: () => app.quit(), answer, log })
    const backend = openBackend({ bundle, data, preferences, sandboxed, publish, closeQuestion, onClusters: tray.update, log }, log)
    app.on('window-all-closed', () => {
      if (!closeQuestion.keepsRunning) app.quit()
    })
    holdQuit(async (deadlineMs) => {
      closeQuestion.quitBegun()
      await backend.current?.stopAll(deadlineMs)
      await Promise.all([preferences.flush(), closeLog()])
    })
  })
}
