import { promises as fs } from 'node:fs'
import { join } from 'node:path'
import { gunzip } from 'node:zlib'
import { promisify } from 'node:util'
import { AppError } from '../../../shared/errors'
import { systemCodeOf } from '../../../shared/system-error'
import type { StorageParams, StorageSource } from './storage-source'
import { unpackTar } from './tar-archive'

/** What a packed input may come to when it is unpacked. */
const INLINE_UNPACKED_BYTES = 100 * 1024 * 1024
const FILE = 'input'

/** A data URL (RFC 2397): its bytes, and whether they are a packed folder. */
interface InlineData {
  readonly bytes: Buffer
  readonly packed: boolean
}

/** Inputs that are in the job itself: a file, or a gzipped tar that becomes a folder. */
export function createInlineStorage(): StorageSource {
  return {
    type: 'inline',
    aliases: [],
    available: () => Promise.resolve({ ok: true }),
    isLocal: () => Promise.resolve(true),
    sizeBytes: async (params) => {
      const { bytes, packed } = readInline(params)
      return packed ? (await unzip(bytes)).length : bytes.length
    },
    prepare: async ({ Source, Target }, workDir) => {
      const { bytes, packed } = readInline(Source.Params ?? {})
      const hostPath = join(workDir, FILE)
      // A copy: small buffers are parts of larger ones, which would go along to where it is needed.
      if (!packed) return { hostPath, target: Target, writable: false, content: new Uint8Array(bytes) }
      const tar = await unzip(bytes)
      await fs.mkdir(hostPath, { recursive: true, mode: 0o700 })
      await unpackTar(tar, hostPath, `the inline input at ${Target}`)
      return { hostPath, target: Target, writable: false }
    },
  }
}

/** Throws AppError `storage.inline`. */
function readInline(params: StorageParams): InlineData {
  const url = params['URL']
  if (typeof url !== 'string') throw badInline('it has no URL')
  const match = /^data:([^,]*),(.*)$/s.exec(url)
  if (match === null) throw badInline('its URL is no data URL')
  const [, kind = '', data = ''] = match
  const [type = ''] = kind.split(';')
  return { bytes: decode(data, /;\s*base64\s*$/i.test(kind)), packed: type.trim().toLowerCase() === 'application/gzip' }
}

function decode(data: string, base64: boolean): Buffer {
  try {
    const text = data.includes('%') ? decodeURIComponent(data) : data
    if (!base64) return Buffer.from(text)
    if (/[^A-Za-z0-9+/=\s_-]/.test(text)) throw badInline('its data is not base64')
    return Buffer.from(text, 'base64')
  } catch (error) {
    if (error instanceof AppError) throw error
    throw badInline('its data is not percent-encoded as it should be')
  }
}

async function unzip(bytes: Buffer): Promise<Buffer> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: INLINE_UNPACKED_BYTES })
  } catch (error) {
    const tooBig = systemCodeOf(error) === 'ERR_BUFFER_TOO_LARGE'
    throw badInline(tooBig ? `it unpacks to more than ${INLINE_UNPACKED_BYTES} bytes` : 'it is said to be gzip, but is not')
  }
}

function badInline(why: string): AppError {
  return new AppError('storage.inline', `The inline input cannot be used: ${why}.`, {
    hint: 'Give URL as data:text/plain;base64,… for a file, or data:application/gzip;base64,… for a packed folder.',
  })
}
