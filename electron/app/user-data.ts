import path from 'node:path'

/** Where this app keeps what it must remember. `SHOAL_USER_DATA` moves all of it, for tests and for a second, separate app. */
export interface UserData {
  readonly root: string
  readonly clusters: string
  readonly preferences: string
  readonly log: string
}

/** The places under the app’s folder, which is absolute. */
export function userData(root: string): UserData {
  return { root, clusters: path.join(root, 'clusters'), preferences: path.join(root, 'preferences.json'), log: path.join(root, 'logs', 'app.log') }
}
