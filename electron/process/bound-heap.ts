import { setFlagsFromString } from 'node:v8'

/** Of what is in use, so much more may lie there as garbage before all of it is collected. Per cent. */
const growthPercent = 40

/** Keeps this process nearer to the size of what it has in use: left alone, V8 lets a heap become several times as large before it collects all of it. */
export function boundHeap(): void {
  setFlagsFromString(`--heap-growing-percent=${String(growthPercent)}`)
}
