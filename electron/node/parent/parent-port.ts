/** One end of a channel between Electron's processes, as a utility process has it. */
export interface ElectronPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: ElectronMessage) => void): void
  on(event: 'close', listener: () => void): void
  off(event: 'message', listener: (event: ElectronMessage) => void): void
  /** Messages wait until then. */
  start(): void
}

/** What comes over the port of a utility process; `ports` were sent along. */
export interface ElectronMessage {
  readonly data: unknown
  readonly ports: readonly ElectronPort[]
}

/** The way of a utility process to whoever started it. */
export interface ElectronParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: ElectronMessage) => void): void
  off(event: 'message', listener: (event: ElectronMessage) => void): void
}

/** What Electron gives a utility process in place of `process.send`; undefined in plain Node. */
export function electronParentPort(): ElectronParentPort | undefined {
  return (process as { readonly parentPort?: unknown }).parentPort as ElectronParentPort | undefined
}
