import { parentPort, workerData } from 'node:worker_threads'
import { runGate } from './access/gate'
import type { GateOrders } from './access/gate-messages'

// The entry of the gate's thread: see electron/access/start-gate.ts for who starts it and with what.
if (parentPort !== null) void runGate(workerData as GateOrders, parentPort)
