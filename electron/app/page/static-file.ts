import { realpath } from 'node:fs/promises'
import path from 'node:path'
import { isAppUrl } from './app-origin'

/** Only what the bundle is made of has a type; anything else is not served. */
const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

interface StaticFile {
  /** The real path, links resolved. */
  readonly path: string
  readonly contentType: string
}

/** The file of the bundle at `root` (a real path) that `url` names; undefined when there is none, or when it lies outside, links included. */
export async function findStaticFile(root: string, url: string): Promise<StaticFile | undefined> {
  if (!isAppUrl(url)) return undefined
  const wanted = decodePath(new URL(url).pathname)
  if (wanted === undefined) return undefined
  const contentType = contentTypes[path.extname(wanted)]
  if (contentType === undefined) return undefined
  const joined = path.join(root, wanted)
  if (!liesWithin(root, joined)) return undefined
  const real = await realpath(joined).catch(() => undefined) // No such file: nothing to serve.
  return real !== undefined && liesWithin(root, real) ? { path: real, contentType } : undefined
}

function decodePath(pathname: string): string | undefined {
  try {
    const decoded = decodeURIComponent(pathname)
    return decoded.includes('\0') ? undefined : decoded
  } catch {
    return undefined // A lone `%` names no file.
  }
}

/** With the separator, so that `/app/renderer-evil` does not lie within `/app/renderer`. */
function liesWithin(root: string, file: string): boolean {
  return file.startsWith(root.endsWith(path.sep) ? root : root + path.sep)
}
