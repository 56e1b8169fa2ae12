import type { Logger } from '../log/logger'
import type { Backend, BackendOptions } from './backend'

/** Clusters and all that they need, behind a dynamic import: the window is opened first, then this is loaded while its page loads. */
interface BackendDoor {
  /** The backend as soon as it is there; a start that failed rejects, every time. */
  opened(): Promise<Backend>
  /** The backend if it is there by now. */
  readonly current: Backend | undefined
}

/** Begins to load it at once. A failure of that is logged, and told to whoever comes to the door. */
export function openBackend(options: BackendOptions, log: Logger): BackendDoor {
  let current: Backend | undefined
  const opened = import('./backend').then(async ({ createBackend }) => {
    current = await createBackend(options)
    return current
  })
  opened.catch((error: unknown) => {
    log.error('The app could not start.', { error })
  })
  return {
    opened: () => opened,
    get current() {
      return current
    },
  }
}
