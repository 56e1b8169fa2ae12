import { readFile, realpath } from 'node:fs/promises'
import { protocol } from 'electron'
import { APP_SCHEME } from './app-origin'
import { pageHeaders } from './content-policy'
import { findStaticFile } from './static-file'

/** Must run before the app is ready. `codeCache` lets Chromium keep the compiled bundle between starts. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }])
}

/** Serves the bundle in `folder` as `app://shoal/…`, each answer with the content policy as a header. */
export function serveAppFiles(folder: string): void {
  const root = realpath(folder)
  protocol.handle(APP_SCHEME, async (request) => {
    const file = request.method === 'GET' ? await findStaticFile(await root, request.url) : undefined
    if (file === undefined) return new Response('Not found', { status: 404, headers: pageHeaders('text/plain; charset=utf-8') })
    return new Response(await readFile(file.path), { headers: pageHeaders(file.contentType) })
  })
}
