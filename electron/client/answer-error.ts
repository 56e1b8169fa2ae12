import { AppError } from '../../shared/errors'
import { readJsonObject } from '../../shared/read-json'

/** An answer that is no success, as it came. */
interface RefusedAnswer {
  readonly status: number
  readonly text: string
  readonly baseUrl: string
  readonly route: string
}

/**
 * The error that an answer tells: Bacalhau's own code, message and hint where it has them. Only 200 is a success in this
 * API; a proxy's page or an empty body is shown for what it is.
 */
export function errorOfAnswer({ status, text, baseUrl, route }: RefusedAnswer): AppError {
  const body = readJsonObject(text)
  const message = textOf(body?.['Message']) ?? textOf(body?.['Error'])
  if (message === undefined) return unreadable(status, text, baseUrl, route)
  const code = textOf(body?.['Code']) ?? `http.${status}`
  const hint = textOf(body?.['Hint']) ?? hintFor(status)
  const details = body?.['Details']
  return new AppError(code, message, {
    ...(hint === undefined ? {} : { hint }),
    details: { ...(isTexts(details) ? details : {}), status: String(status) },
  })
}

/** What to do about a body that is too large for the API, Bacalhau's or ours. */
export const TOO_LARGE =
  'A request may have 10 MB, modules and inline data of the job included (a third longer as text). Bring what is larger as an input: from a URL, or from a folder of the nodes.'

function hintFor(status: number): string | undefined {
  if (status === 401) return 'The server wants a sign-in: set BACALHAU_API_KEY, or BACALHAU_API_USERNAME and BACALHAU_API_PASSWORD.'
  if (status === 413) return TOO_LARGE
  if (status === 429) return 'Wait a second and try again.'
  return undefined
}

function unreadable(status: number, text: string, baseUrl: string, route: string): AppError {
  const shown = text.trim().replace(/\s+/g, ' ').slice(0, 120)
  if (status === 400 && /HTTP request to an HTTPS server/i.test(text)) {
    return new AppError('client.tls', `${baseUrl} speaks HTTPS only.`, { hint: 'Write https:// in place of http://, or -c API.TLS.UseTLS.' })
  }
  const what = shown === '' ? 'without a word' : `with "${shown}"`
  return new AppError('client.unexpected-answer', `${baseUrl} answered ${route} with status ${status} ${what}.`, {
    hint:
      status === 503 || status === 502 || status === 504
        ? 'The server is busy or starting: try again.'
        : 'Look whether the address is that of a Bacalhau or Shoal API, and no proxy stands between.',
    details: { status: String(status) },
  })
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function isTexts(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string')
}
