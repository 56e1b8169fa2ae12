import type { PreferencesFile } from '../preferences'

/** A cluster of this machine whose nodes would go down with the app. */
export interface RunningCluster {
  readonly name: string
  readonly nodes: number
}
type CloseChoice = 'keep-running' | 'stop-all' | 'stay'

interface CloseQuestionOptions {
  readonly running: () => readonly RunningCluster[]
  readonly preferences: PreferencesFile
  /** Puts the question to the user, in the window. */
  readonly ask: (clusters: readonly RunningCluster[]) => void
  /** Closes the window without asking again; the app goes on without one. */
  readonly closeWindow: () => void
  /** Stops everything and ends the app. */
  readonly quit: () => void
}

/** Whether running nodes outlive the window: asked once, then remembered if the user wants it so. */
export interface CloseQuestion {
  /** Whether the window may close now; `false` when the user must be asked first, or when nodes are stopped first. */
  readonly mayClose: () => boolean
  answer(choice: CloseChoice, remember: boolean): void
  /** From now on the window closes unasked: everything is being stopped. */
  quitBegun(): void
  /** Whether the app goes on after its last window. */
  readonly keepsRunning: boolean
}

/** `ask` shows the question in the window, whose answer comes back through `answer`. */
export function createCloseQuestion({ running, preferences, ask, closeWindow, quit }: CloseQuestionOptions): CloseQuestion {
  let quitting = false
  return {
    mayClose: () => {
      if (quitting) return true
      const clusters = running()
      if (clusters.length === 0 || preferences.current.onClose === 'keep-running') return true
      if (preferences.current.onClose === 'stop-all') quit()
      else ask(clusters)
      return false
    },
    answer: (choice, remember) => {
      if (choice === 'stay') return
      if (remember) preferences.update({ onClose: choice })
      if (choice === 'stop-all') quit()
      else closeWindow()
    },
    quitBegun: () => {
      quitting = true
    },
    get keepsRunning() {
      return !quitting && running().length > 0
    },
  }
}
