import { errno, type MemoryView, type WasiCall } from './wasi-abi'

const SUBSCRIPTION_BYTES = 48
const EVENT_BYTES = 32
const CLOCK = 0
const FD_READ = 1
const REALTIME = 0
const ABSOLUTE = 1

interface Timer {
  readonly userdata: bigint
  readonly dueNs: bigint
}

interface PollOptions {
  readonly memory: MemoryView
  /** Waits so many milliseconds, in a way that ending the thread ends at once. */
  readonly sleep: (ms: number) => void
  /** Clocks in nanoseconds, as `clock_time_get` tells them. */
  readonly realtimeNs: () => bigint
  readonly monotonicNs: () => bigint
}

/**
 * `poll_oneoff` of WASI preview 1. node:wasi's own sleeps in native code, where the end of the thread waits for the end of the sleep. Descriptors are
 * files or empty input: always ready.
 */
export function pollOneoff({ memory, sleep, realtimeNs, monotonicNs }: PollOptions): WasiCall {
  return (subscriptions, events, count, out) => {
    if (Number(count) === 0) return errno.inval
    const timers: Timer[] = []
    const ready: { readonly userdata: bigint; readonly type: number }[] = []
    const now = monotonicNs()
    for (let index = 0; index < Number(count); index += 1) {
      const at = Number(subscriptions) + index * SUBSCRIPTION_BYTES
      const view = memory()
      const userdata = view.getBigUint64(at, true)
      const type = view.getUint8(at + 8)
      if (type !== CLOCK) ready.push({ userdata, type })
      else timers.push({ userdata, dueNs: dueTime(view, at, now, realtimeNs) })
    }
    if (ready.length === 0) {
      const first = timers.reduce((least, { dueNs }) => (dueNs < least ? dueNs : least), timers[0]?.dueNs ?? now)
      for (let left = first - monotonicNs(); left > 0n; left = first - monotonicNs()) sleep(Number(left) / 1e6)
    }
    const end = monotonicNs()
    const due = timers.filter(({ dueNs }) => dueNs <= end).map(({ userdata }) => ({ userdata, type: CLOCK }))
    const happened = [...ready, ...due]
    for (const [index, { userdata, type }] of happened.entries()) writeEvent(memory(), Number(events) + index * EVENT_BYTES, userdata, type)
    memory().setUint32(Number(out), happened.length, true)
    return errno.success
  }
}

/** On the monotonic clock, whichever clock was meant. */
function dueTime(view: DataView, at: number, now: bigint, realtimeNs: () => bigint): bigint {
  const clock = view.getUint32(at + 16, true)
  const timeout = view.getBigUint64(at + 24, true)
  if ((view.getUint16(at + 40, true) & ABSOLUTE) === 0) return now + timeout
  return clock === REALTIME ? now + (timeout - realtimeNs()) : timeout
}

function writeEvent(view: DataView, at: number, userdata: bigint, type: number): void {
  view.setBigUint64(at, userdata, true)
  view.setBigUint64(at + 8, 0n, true)
  view.setBigUint64(at + 16, 0n, true)
  view.setBigUint64(at + 24, 0n, true)
  view.setUint8(at + 10, type)
  // There is nothing to read and never will be.
  if (type === FD_READ) view.setUint16(at + 24, 1, true)
}
