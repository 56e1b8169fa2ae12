import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError, messageOf } from '../../../shared/errors'

/** Bytes so far, and of the whole where the server tells it. */
type OnProgress = (done: number, total: number | undefined) => void

/** Fetches one result into `file`, which appears only when it is whole. Throws `results.not-fetched`. */
export async function fetchResult(url: string, file: string, signal: AbortSignal, onProgress: OnProgress): Promise<void> {
  const part = `${file}.part`
  try {
    const answer = await fetch(url, { signal })
    if (!answer.ok) {
      await answer.body?.cancel()
      throw new Error(`it is answered with ${answer.status} ${answer.statusText}`.trim())
    }
    const length = Number(answer.headers.get('content-length') ?? NaN)
    const total = Number.isFinite(length) && answer.headers.get('content-encoding') === null ? length : undefined
    let done = 0
    const body = answer.body === null ? Readable.from([]) : Readable.fromWeb(answer.body)
    body.on('data', (chunk: Uint8Array) => onProgress((done += chunk.length), total))
    await pipeline(body, createWriteStream(part), { signal })
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true })
    throw notFetched(url, error, signal)
  }
}

function notFetched(url: string, error: unknown, signal: AbortSignal): AppError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const why = signal.aborted ? 'it took too long' : messageOf(cause)
  return new AppError('results.not-fetched', `The result at ${withoutSecrets(url)} cannot be fetched: ${why}.`, {
    hint: signal.aborted
      ? 'Give it longer with --download-timeout-secs.'
      : 'Results lie on the node that made them: look whether that node runs, and whether this machine reaches it.',
    cause: error,
  })
}

/** An address without what would let others in: signatures stand in the query. */
function withoutSecrets(url: string): string {
  if (!URL.canParse(url)) return url
  const { origin, pathname } = new URL(url)
  return origin + pathname
}
