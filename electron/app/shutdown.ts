import { app, powerMonitor } from 'electron'

/** All that runs is down well within this. Milliseconds. */
const QUIT_DEADLINE_MS = 5_000

/**
 * Holds every way of quitting (menu, signal, last window, end of the session) until `stopAll` is through or its deadline has passed;
 * the windows stay meanwhile and show what stops. Later requests only wait for the same end.
 */
export function holdQuit(stopAll: (deadlineMs: number) => Promise<void>): void {
  let state: 'running' | 'stopping' | 'stopped' = 'running'
  app.on('before-quit', (event) => {
    if (state === 'stopped') return
    event.preventDefault()
    if (state === 'stopping') return
    state = 'stopping'
    void stopAll(QUIT_DEADLINE_MS).finally(() => {
      state = 'stopped'
      app.quit()
    })
  })
  powerMonitor.on('shutdown', () => {
    app.quit()
  })
}
