import { createLineSplitter } from '../../process/output-lines'

const KEPT_LINES = 50

/** What a utility process prints. */
export interface Output {
  readonly kept: readonly string[]
  onLine(listener: (line: string) => void): () => void
}

/** Both of its streams, line by line; the newest lines are kept. */
export function readOutput(child: Electron.UtilityProcess): Output {
  const kept: string[] = []
  const listeners = new Set<(line: string) => void>()
  for (const stream of [child.stdout, child.stderr]) {
    const lines = createLineSplitter((line) => {
      kept.push(line)
      if (kept.length > KEPT_LINES) kept.shift()
      for (const listener of listeners) listener(line)
    })
    stream?.on('data', (chunk: Buffer) => lines.push(chunk))
    stream?.on('end', () => lines.end())
    stream?.on('error', () => undefined) // Followed by the exit of the process.
  }
  return {
    kept,
    onLine: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
