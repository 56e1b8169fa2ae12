import { AppError } from '../../shared/errors'

/** Where a command finds an API, from the configuration. */
interface ApiTarget {
  /** `API.Host`, only where it was set: a name, an address, or a whole URL. */
  readonly host?: string
  readonly port: number
  readonly useTls: boolean
}

/**
 * The base URL of an API (`http://host:port`, no slash at the end). An address to listen on everywhere (0.0.0.0) means this machine.
 * Throws `client.bad-address`.
 */
export function apiUrlOf({ host = '127.0.0.1', port, useTls }: ApiTarget): string {
  const text = host.trim()
  if (text.includes('://')) return parseApiUrl(text, port)
  if (isEverywhere(text) || text === '') return parseApiUrl(`${useTls ? 'https' : 'http'}://127.0.0.1:${port}`, port)
  const bracketed = text.includes(':') && !text.startsWith('[') && text.split(':').length > 2 ? `[${text}]` : text
  return parseApiUrl(`${useTls ? 'https' : 'http'}://${bracketed}`, port)
}

/**
 * The base URL that somebody typed: `host`, `host:port` or a whole `http(s)://` URL, whose port is `defaultPort` when left out.
 * Throws `client.bad-address` with what is wrong and how to write it.
 */
export function parseApiUrl(text: string, defaultPort = 1234): string {
  const typed = text.trim()
  const refuse = (reason: string): AppError =>
    new AppError('client.bad-address', `"${withoutUser(typed)}" is not the address of an API: ${reason}.`, {
      hint: 'Write HOST, HOST:PORT or http://HOST:PORT.',
    })
  if (typed === '') throw refuse('it is empty')
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(typed)?.[1]?.toLowerCase() ?? 'http'
  if (scheme !== 'http' && scheme !== 'https') throw refuse(`it begins with ${scheme}://`)
  const rest = typed.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
  const whole = `${scheme}://${rest}`
  if (!URL.canParse(whole)) throw refuse('it has no host, or a port that is none')
  const url = new URL(whole)
  if (url.username !== '' || url.password !== '') throw refuse('it has a user name or token in it, which an API does not take')
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') throw refuse('it has a path')
  const hasPort = /:\d+\/?$/.test(rest)
  const port = hasPort ? Number(/:(\d+)\/?$/.exec(rest)?.[1]) : defaultPort
  if (port < 1) throw refuse('its port is 0')
  return `${scheme}://${isEverywhere(url.hostname) ? '127.0.0.1' : url.hostname}:${port}`
}

function isEverywhere(host: string): boolean {
  return ['0.0.0.0', '::', '[::]'].includes(host)
}

function withoutUser(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^/]*@/i, '$1…@')
}
