import { app } from 'electron'

/** Whether this is the only app over its user data. A second start hands over to the first, which shows its window, and must end. */
export function isFirstInstance(showWindow: () => void): boolean {
  if (!app.requestSingleInstanceLock()) return false
  app.on('second-instance', showWindow)
  app.on('activate', showWindow)
  return true
}
