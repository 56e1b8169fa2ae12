import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'

/**
 * Fetches a file over HTTPS.
 *
 * @param {string} url
 * @param {string} path where to write it
 * @param {{connectMs: number, totalMs: number}} limits a host that does not answer within `connectMs` counts as closed
 */
export async function download(url, path, { connectMs, totalMs }) {
  const controller = new AbortController()
  const connect = setTimeout(() => controller.abort(new Error(`no answer within ${connectMs / 1000} s`)), connectMs)
  const total = setTimeout(() => controller.abort(new Error(`not complete within ${totalMs / 1000} s`)), totalMs)
  try {
    const response = await fetch(url, { signal: controller.signal })
    clearTimeout(connect)
    if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`)
    await writeFile(path, Readable.fromWeb(response.body))
  } catch (error) {
    throw new Error(`${new URL(url).host}: ${fetchFailure(error)}`, { cause: error })
  } finally {
    clearTimeout(connect)
    clearTimeout(total)
  }
}

/**
 * Hashes a file.
 *
 * @param {string} path
 * @param {'sha256' | 'sha512'} algorithm
 * @param {'hex' | 'base64'} encoding
 * @returns {Promise<string>}
 */
export async function digestOf(path, algorithm, encoding) {
  const hash = createHash(algorithm)
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest(encoding)
}

/**
 * @param {unknown} error what `fetch` threw: it keeps the cause (a closed host, a name that does not resolve) one level down
 * @returns {string} the cause in words
 */
export function fetchFailure(error) {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
