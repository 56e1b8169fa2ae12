import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { MessagePort } from 'node:worker_threads'
import type { WorkerEvent, WorkerRun } from './messages'
import { runModule } from './run-module'

/** Memories of ended modules are given back when they come to this much, or when so many runs have gone by. */
const GARBAGE_BYTES = 16 * 1024 * 1024
const GARBAGE_RUNS = 100

/** Runs the modules that `port` brings, one after the other. The thread is ended from outside. */
export function serveWorker(port: MessagePort): void {
  const collect = garbageCollector()
  let garbage = 0
  let runs = 0
  const tell = (event: WorkerEvent): void => port.postMessage(event, event.kind === 'output' ? [event.data.buffer as ArrayBuffer] : [])
  port.on('message', (run: WorkerRun) => {
    const { end, memoryBytes } = runModule(run, (stream, data) => tell({ kind: 'output', stream, data }))
    tell({ kind: 'ended', end })
    garbage += memoryBytes
    runs += 1
    if (garbage < GARBAGE_BYTES && runs < GARBAGE_RUNS) return
    garbage = 0
    runs = 0
    collect()
  })
  tell({ kind: 'ready' })
}

/** V8 does not know how much a dead module holds outside its heap, so it is told when to look. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  return typeof collect === 'function' ? () => (collect as () => void)() : () => undefined
}
