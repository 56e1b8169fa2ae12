/** One server-sent event. */
interface ServerSentEvent {
  readonly id: string | undefined
  readonly event: string
  readonly data: string
}

/**
 * Takes a stream of server-sent events apart (the event stream format of the HTML standard): feed it text as it comes, get the events
 * that are whole by now. Comments give none.
 */
export class SseParser {
  #pending = ''
  #id: string | undefined
  #event = ''
  #data: string[] = []

  /** @param maxPending most characters that one event may have; beyond it a RangeError is thrown. */
  constructor(private readonly maxPending = 256 * 1024 * 1024) {}

  push(text: string): readonly ServerSentEvent[] {
    const events: ServerSentEvent[] = []
    const lines = (this.#pending + text).split(/\r\n|\n|\r(?!$)/)
    this.#pending = lines.pop() ?? ''
    if (this.#pending.length > this.maxPending) throw new RangeError('an event of the stream is too long')
    for (const line of lines) {
      if (line !== '') this.#field(line)
      else if (this.#data.length > 0) events.push(this.#finish())
      else this.#event = ''
    }
    return events
  }

  #field(line: string): void {
    const colon = line.indexOf(':')
    if (colon === 0) return
    const name = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (name === 'data') this.#data.push(value)
    else if (name === 'event') this.#event = value
    else if (name === 'id' && !value.includes('\0')) this.#id = value
  }

  #finish(): ServerSentEvent {
    const event = { id: this.#id, event: this.#event === '' ? 'message' : this.#event, data: this.#data.join('\n') }
    this.#event = ''
    this.#data = []
    return event
  }
}
