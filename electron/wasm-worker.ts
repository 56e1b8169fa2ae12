import { parentPort } from 'node:worker_threads'
import { serveWorker } from './compute/executors/wasm/serve-worker'

// The entry of a thread that runs modules: see electron/compute/executors/wasm/worker-pool.ts for who starts it.
if (parentPort !== null) serveWorker(parentPort)
