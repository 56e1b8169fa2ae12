import { isatty } from 'node:tty'
import type { HostOrder } from '../../../shared/host-report'
import { type ParentSign, stopWhenParentIsGone } from '../../process/parent-watch'

interface WishSources {
  readonly parentSigns: readonly ParentSign[]
  readonly onOrder?: (listener: (order: HostOrder) => void) => () => void
}

/** What is asked of a host from outside: by signals, by orders, by the end of whoever started it. */
export interface OutsideWishes {
  /** Resolves with the reason when it is to stop; never rejects. */
  readonly stop: Promise<string>
  /** Called whenever the configuration is to be read again; at once when that was told before anybody listened. */
  onReload(listener: () => void): void
  close(): void
}

/** Whoever asks a second time does not want to wait any longer. */
const IMPATIENT_EXIT_CODE = 1

/** Listens from now on, so that a stop during the start is not lost, nor that the configuration changed meanwhile. */
export function listenOutside({ parentSigns, onOrder }: WishSources): OutsideWishes {
  const reloads = new Set<() => void>()
  let isUnheard = false
  let tellStop: (reason: string) => void = () => undefined
  const stop = new Promise<string>((resolve) => {
    tellStop = resolve
  })
  const reload = (): void => {
    isUnheard = reloads.size === 0
    for (const listener of reloads) listener()
  }
  let signals = 0
  const bySignal = (name: string) => (): void => {
    signals += 1
    if (signals > 1) process.exit(IMPATIENT_EXIT_CODE)
    tellStop(name)
  }
  const handlers: readonly (readonly [NodeJS.Signals, () => void])[] = [
    ['SIGINT', bySignal('SIGINT')],
    ['SIGTERM', bySignal('SIGTERM')],
    // A terminal that closes sends the same signal with which a service manager asks for the configuration to be read again.
    ['SIGHUP', isatty(0) || isatty(1) || process.platform === 'win32' ? bySignal('SIGHUP') : reload],
  ]
  for (const [signal, handler] of handlers) process.on(signal, handler)
  const watch = stopWhenParentIsGone({ signs: parentSigns, onGone: tellStop })
  const unlisten = onOrder?.((order) => (order.kind === 'stop' ? tellStop('it was told to') : reload()))
  return {
    stop,
    onReload: (listener) => {
      reloads.add(listener)
      if (isUnheard) reload()
    },
    close: () => {
      for (const [signal, handler] of handlers) process.off(signal, handler)
      watch.end()
      unlisten?.()
    },
  }
}
