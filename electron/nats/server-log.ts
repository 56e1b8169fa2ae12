interface ServerLogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly text: string
}

const levels: Readonly<Record<string, ServerLogLine['level']>> = { TRC: 'debug', DBG: 'debug', INF: 'info', WRN: 'warn', ERR: 'error', FTL: 'error' }

/** What it calls worse than it is here: its passwords are random and die with it, and the gate itself tells whom it refused. */
const harmless =
  /^Plaintext passwords detected|authentication error|^Auth callout service returned an error|^Authorization callout response not received/

/** A line as nats-server prints it without times: `[71] [INF] Server is ready`. Anything else (a panic) is an error, whole. */
export function parseServerLine(line: string): ServerLogLine {
  const match = /^\[\d+\] (?:[\d/]+ [\d:.]+ )?\[([A-Z]{3})\] (.*)$/.exec(line)
  const level = levels[match?.[1] ?? '']
  // It prints what is wrong with its configuration plainly, after its own name.
  if (level === undefined) return { level: 'error', text: line }
  const text = (match?.[2] ?? '').trim()
  return { level: harmless.test(text) ? 'debug' : level, text }
}

/** The server's own id (nkey `N…`), which it prints before it listens. */
export function serverIdIn(lines: readonly string[]): string | undefined {
  for (const line of lines) {
    const id = /\[INF\]\s+ID:\s+(N[A-Z2-7]{55})$/.exec(line)?.[1]
    if (id !== undefined) return id
  }
  return undefined
}
