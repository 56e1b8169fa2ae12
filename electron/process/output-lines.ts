import { StringDecoder } from 'node:string_decoder'

/** A line longer than this is cut into pieces, so that a program without line ends cannot fill the memory. */
const MAX_LINE = 16 * 1024

interface LineSplitter {
  push(chunk: Buffer): void
  /** Hands on what was left without a line end. */
  end(): void
}

/** Chunks of a program's output into lines without their ends, as UTF-8. */
export function createLineSplitter(onLine: (line: string) => void): LineSplitter {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  const take = (text: string): void => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line.endsWith('\r') ? line.slice(0, -1) : line)
    while (rest.length > MAX_LINE) {
      onLine(rest.slice(0, MAX_LINE))
      rest = rest.slice(MAX_LINE)
    }
  }
  return {
    push: (chunk) => take(decoder.write(chunk)),
    end: () => {
      take(decoder.end())
      if (rest !== '') onLine(rest)
      rest = ''
    },
  }
}
