import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { WasmOrder } from './compute/executors/wasm/messages'
import { serveWasm } from './compute/executors/wasm/wasm-process'
import { openParentChannel } from './node/parent/parent-channel'
import { electronParentPort, type ElectronPort } from './node/parent/parent-port'
import { stopWhenParentIsGone } from './process/parent-watch'

type Listener = (orders: readonly WasmOrder[]) => void

// The process that runs WASM modules for a role host, which starts it and tells it over its channel what to run
// (electron/compute/executors/wasm/messages.ts). Argument: the file of its threads, when it does not lie beside it.
const threads = { workerFile: process.argv[2] ?? join(__dirname, 'wasm-worker.js'), warm: Math.max(2, availableParallelism()) }
const electronParent = electronParentPort()
if (electronParent === undefined) {
  const channel = openParentChannel()
  stopWhenParentIsGone({ signs: channel.signs, onGone: () => process.exit(0) })
  const onOrders = (listener: Listener): void => void channel.onMessage((message) => listener(message as readonly WasmOrder[]))
  serveWasm({ send: (events) => channel.send(events), onOrders }, threads)
} else electronParent.on('message', ({ ports: [port] }) => port !== undefined && servePort(port))

/** Electron's main process hands over one end of a channel; its other end is the role host. */
function servePort(port: ElectronPort): void {
  port.on('close', () => process.exit(0))
  const onOrders = (listener: Listener): void => port.on('message', ({ data }) => listener(data as readonly WasmOrder[]))
  serveWasm({ send: (events) => port.postMessage(events), onOrders }, threads)
  port.start()
}
