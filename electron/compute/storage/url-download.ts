import { randomUUID } from 'node:crypto'
import { createWriteStream, promises as fs } from 'node:fs'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError, messageOf } from '../../../shared/errors'
import { isDiskFull, systemCodeOf } from '../../../shared/system-error'
import { DISK_FULL_HINT } from '../disk-full'
import type { StorageParams, StorageSource } from './storage-source'

interface UrlDownloadOptions {
  /** `InputSources.ReadTimeout`: for one attempt, in milliseconds. */
  readonly timeoutMs: number
  /** `InputSources.MaxRetryCount`. */
  readonly retries: number
  /** Wait before retry `n` (from 0). */
  readonly retryDelayMs?: (attempt: number) => number
}

/** Inputs fetched by HTTP. `Target` is a folder; the file in it is called as in the URL, as Bacalhau has it. */
export function createUrlDownloadStorage({ timeoutMs, retries, retryDelayMs = (attempt) => 250 * 2 ** attempt }: UrlDownloadOptions): StorageSource {
  const attempts = async <Result>(url: URL, attempt: (signal: AbortSignal) => Promise<Result>, outer?: AbortSignal): Promise<Result> => {
    for (let tries = 0; ; tries += 1) {
      const limit = AbortSignal.timeout(timeoutMs)
      try {
        return await attempt(outer === undefined ? limit : AbortSignal.any([limit, outer]))
      } catch (error) {
        // Without room, another try fetches it all again for nothing.
        if (outer?.aborted === true || tries >= retries || isDiskFull(error))
          throw failure(url, error, tries + 1, limit.aborted ? timeoutMs : undefined)
        await sleep(retryDelayMs(tries), undefined, outer === undefined ? {} : { signal: outer })
      }
    }
  }
  return {
    type: 'urldownload',
    aliases: [],
    available: () => Promise.resolve({ ok: true }),
    isLocal: () => Promise.resolve(false),
    sizeBytes: async (params) => {
      const url = readUrl(params)
      return attempts(url, (signal) => announcedBytes(url, signal))
    },
    prepare: async ({ Source, Target }, workDir, outer) => {
      const url = readUrl(Source.Params ?? {})
      await fs.mkdir(workDir, { recursive: true, mode: 0o700 })
      await attempts(url, (signal) => download(url, workDir, signal), outer)
      return { hostPath: workDir, target: Target, writable: false }
    },
  }
}

/** Throws AppError `storage.url`. */
function readUrl(params: StorageParams): URL {
  const text = params['URL']
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.pathname === '' || url.pathname === '/') {
    throw new AppError('storage.url', `The input's URL ${JSON.stringify(text ?? '')} cannot be fetched: it must be http or https and name a file.`)
  }
  return url
}

/** As `fetch`, which takes no address with credentials: they become a header, which no other machine that the address leads to gets to see. */
function fetchFrom(url: URL, init: RequestInit): Promise<Response> {
  if (url.username === '' && url.password === '') return fetch(url, init)
  const credentials = `${decoded(url.username)}:${decoded(url.password)}`
  return fetch(withoutCredentials(url), { ...init, headers: { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } })
}

function withoutCredentials(url: URL): URL {
  const bare = new URL(url)
  bare.username = ''
  bare.password = ''
  return bare
}

async function announcedBytes(url: URL, signal: AbortSignal): Promise<number> {
  const answer = await fetchFrom(url, { method: 'HEAD', signal })
  if (answer.status !== 200) throw new Error(`HEAD is answered with ${answer.status} ${answer.statusText}`)
  const length = Number(answer.headers.get('content-length') ?? 'x')
  if (!Number.isSafeInteger(length)) throw new Error('HEAD does not tell its size (Content-Length)')
  return length
}

/** A body without a length may be endless; the bid has set aside what HEAD told. */
async function boundOf(url: URL, { headers }: Response, signal: AbortSignal): Promise<number> {
  return headers.has('content-length') || headers.has('content-encoding') ? Infinity : announcedBytes(url, signal)
}

async function* atMost(body: AsyncIterable<Uint8Array>, bytes: number): AsyncIterable<Uint8Array> {
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > bytes) throw new Error(`more comes than the ${String(bytes)} bytes that HEAD told`)
    yield chunk
  }
}

async function download(url: URL, folder: string, signal: AbortSignal): Promise<void> {
  const answer = await fetchFrom(url, { signal })
  if (!answer.ok) {
    await answer.body?.cancel()
    throw new Error(`it is answered with ${answer.status} ${answer.statusText}`)
  }
  const part = join(folder, '.part')
  const bound = await boundOf(url, answer, signal)
  const body: AsyncIterable<Uint8Array> = answer.body === null ? Readable.from([]) : Readable.fromWeb(answer.body)
  await pipeline(bound === Infinity ? body : atMost(body, bound), createWriteStream(part, { mode: 0o600 }), { signal })
  await fs.rename(part, join(folder, fileName(answer.url, answer.redirected, answer.headers.get('content-disposition'))))
}

/** The name of the final URL; after a redirect that of `Content-Disposition`, where there is one. Never a path. */
export function fileName(finalUrl: string, redirected: boolean, disposition: string | null): string {
  const told = redirected ? /filename\*?=(?:UTF-8'')?"?([^";]+)"?/i.exec(disposition ?? '')?.[1] : undefined
  const last = decoded(told ?? new URL(finalUrl).pathname)
  const name = basename(last.replaceAll('\\', '/')).replaceAll('\0', '')
  return name === '' || name === '.' || name === '..' ? randomUUID() : name
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // A lone percent sign is a name like any other.
  }
}

function reasonOf(cause: unknown): string {
  // OpenSSL tells it in two lines of its own source.
  if (/^(ERR_SSL|EPROTO)/.test(systemCodeOf(cause) ?? '')) return 'it does not answer in TLS: write http:// in place of https://, or another port'
  const message = messageOf(cause)
  // `fetch` takes no port that belongs to another protocol than HTTP, as browsers do.
  return message === 'bad port' ? 'its port is one that browsers block; serve it on another' : message
}

function failure(url: URL, error: unknown, tries: number, timeoutMs: number | undefined): AppError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const why = timeoutMs === undefined ? reasonOf(cause) : `no whole answer within ${timeoutMs / 1000} s`
  // Credentials in an address are not for histories and logs.
  return new AppError(
    'storage.url',
    `The input ${withoutCredentials(url).href} cannot be fetched: ${why} (${tries} ${tries === 1 ? 'try' : 'tries'}).`,
    {
      hint: isDiskFull(error) ? DISK_FULL_HINT : 'Look whether the address is right and can be reached from the node.',
      cause: error,
    },
  )
}
