import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { WasmOrder } from './compute/executors/wasm/messages'
import { serveWasm } from './compute/executors/wasm/wasm-process'
import { openParentChannel } from './node/parent-channel'
import { stopWhenParentIsGone } from './process/parent-watch'

// The process that runs WASM modules for a role host, which starts it and tells it over its channel what to run
// (electron/compute/executors/wasm/messages.ts). Argument: the file of its threads, when it does not lie beside it.
const channel = openParentChannel()
stopWhenParentIsGone({ signs: channel.signs, onGone: () => process.exit(0) })
serveWasm(
  {
    send: (events) => channel.send(events),
    onOrder: (listener) => void channel.onMessage((message) => listener(message as WasmOrder)),
  },
  { workerFile: process.argv[2] ?? join(__dirname, 'wasm-worker.js'), warm: Math.max(2, availableParallelism()) },
)
