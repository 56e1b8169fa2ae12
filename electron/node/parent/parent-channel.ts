import type { ParentSign } from '../../process/parent-watch'
import { electronParentPort, type ElectronMessage, type ElectronParentPort } from './parent-port'

/** How a role host talks with whoever started it. */
interface ParentChannel {
  readonly signs: readonly ParentSign[]
  send(message: object): void
  onMessage(listener: (message: unknown) => void): () => void
  /** Ends the process once what was sent has gone out. */
  exit(code: number): void
}

/** The channel of a utility process, of a child of Node, or none (then nobody hears the reports). */
export function openParentChannel(): ParentChannel {
  const port = electronParentPort()
  if (port !== undefined) return electronChannel(port)
  if (process.send === undefined)
    return { signs: ['npm'], send: () => undefined, onMessage: () => () => undefined, exit: (code) => process.exit(code) }
  let unsent = 0
  let leaving: number | undefined
  const leave = (): void => {
    if (leaving !== undefined && (unsent === 0 || !process.connected)) process.exit(leaving)
  }
  return {
    signs: ['channel'],
    send: (message) => {
      if (!process.connected) return // An ended channel is told by `disconnect`.
      unsent += 1
      process.send?.(message, undefined, {}, () => {
        unsent -= 1
        leave()
      })
    },
    onMessage: (listener) => {
      process.on('message', listener)
      return () => process.off('message', listener)
    },
    exit: (code) => {
      leaving = code
      leave()
    },
  }
}

/** A utility process dies with Electron by itself: no sign to watch for. */
function electronChannel(port: ElectronParentPort): ParentChannel {
  return {
    signs: [],
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      const take = ({ data }: ElectronMessage): void => listener(data)
      port.on('message', take)
      return () => port.off('message', take)
    },
    exit: (code) => setImmediate(() => process.exit(code)),
  }
}
