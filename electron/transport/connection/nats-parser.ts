/** What a server says, in the terms of the NATS client protocol. `broken`: what came is not NATS; nothing follows. */
export type NatsOperation =
  | { readonly kind: 'info'; readonly info: unknown }
  | { readonly kind: 'message'; readonly subject: string; readonly sid: string; readonly reply: string | undefined; readonly data: Buffer }
  | { readonly kind: 'ping' }
  | { readonly kind: 'pong' }
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'broken'; readonly text: string }

/** INFO can list many servers; a server that sends more than this in one line is not one of NATS. */
const MAX_LINE = 1024 * 1024

/** Takes chunks as they come off the socket; calls `take` for each whole operation. Messages with headers are not understood: ask for none. */
export function createNatsParser(take: (operation: NatsOperation) => void): (chunk: Buffer) => void {
  let buffer: Buffer = Buffer.alloc(0)
  let state: 'reading' | 'broken' = 'reading'
  let awaited: { readonly subject: string; readonly sid: string; readonly reply: string | undefined; readonly size: number } | undefined

  const fail = (text: string): void => {
    state = 'broken'
    take({ kind: 'broken', text })
  }

  /** Whether something whole was taken off the front of the buffer, and more may follow. */
  const step = (): boolean => {
    if (awaited !== undefined) {
      const { size, ...head } = awaited
      if (buffer.length < size + 2) return false
      const data = Buffer.from(buffer.subarray(0, size))
      buffer = buffer.subarray(size + 2)
      awaited = undefined
      take({ kind: 'message', ...head, data })
      return true
    }
    const end = buffer.indexOf('\r\n')
    if (end < 0) {
      if (buffer.length > MAX_LINE) fail('a line without an end')
      return false
    }
    const line = buffer.toString('utf8', 0, end)
    buffer = buffer.subarray(end + 2)
    takeLine(line)
    return state === 'reading'
  }

  const takeLine = (line: string): void => {
    const [word, rest] = cutAtBlank(line)
    switch (word.toUpperCase()) {
      case 'INFO':
        return takeInfo(rest)
      case 'MSG':
        return takeMessageHead(rest.split(' '))
      case 'PING':
        return take({ kind: 'ping' })
      case 'PONG':
        return take({ kind: 'pong' })
      case '-ERR':
        return take({ kind: 'error', text: rest.replace(/^'|'$/g, '') })
      case '+OK':
        return
      default:
        return fail(JSON.stringify(line.slice(0, 60)))
    }
  }

  const takeInfo = (json: string): void => {
    let info: unknown
    try {
      info = JSON.parse(json)
    } catch {
      return fail('INFO is not JSON')
    }
    take({ kind: 'info', info })
  }

  /** `<subject> <sid> [reply] <bytes>` */
  const takeMessageHead = (fields: readonly string[]): void => {
    const size = Number(fields.at(-1))
    if (fields.length < 3 || fields.length > 4 || !Number.isSafeInteger(size) || size < 0) return fail('a malformed MSG')
    awaited = { subject: fields[0] ?? '', sid: fields[1] ?? '', reply: fields.length === 4 ? fields[2] : undefined, size }
  }

  return (chunk) => {
    if (state === 'broken') return
    buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk])
    while (step());
  }
}

function cutAtBlank(line: string): readonly [string, string] {
  const blank = line.indexOf(' ')
  return blank < 0 ? [line, ''] : [line.slice(0, blank), line.slice(blank + 1).trimEnd()]
}
