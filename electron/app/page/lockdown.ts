import { app, type Session, type WebContents } from 'electron'
import { isAppUrl } from './app-origin'

const remoteAddresses = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*', 'file://*/*']

/** Every page that this app ever makes keeps to these rules, whoever made it. Must run before the first window. */
export function lockDownPages(onDenied: (what: string) => void): void {
  app.on('web-contents-created', (_event, contents) => {
    lockDownContents(contents, onDenied)
  })
}

function lockDownContents(contents: WebContents, onDenied: (what: string) => void): void {
  contents.setWindowOpenHandler(({ url }) => {
    onDenied(`a new window for ${shown(url)}`)
    return { action: 'deny' }
  })
  contents.on('will-attach-webview', (event) => {
    event.preventDefault()
    onDenied('a webview')
  })
  // Reloading our own page is a navigation too; anywhere else is not for this window.
  contents.on('will-frame-navigate', (details) => {
    if (details.isMainFrame && isAppUrl(details.url)) return
    details.preventDefault()
    onDenied(`a navigation to ${shown(details.url)}`)
  })
  contents.on('will-redirect', (details) => {
    if (isAppUrl(details.url)) return
    details.preventDefault()
    onDenied(`a redirect to ${shown(details.url)}`)
  })
}

/** No permission, no device, no request that leaves the bundle. */
export function lockDownSession(session: Session, onDenied: (what: string) => void): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    onDenied(`the permission ${permission}`)
    answer(false)
  })
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event) => {
    event.preventDefault()
    onDenied('a download')
  })
  // The content policy refuses these already; here they would end even if it were gone.
  session.webRequest.onBeforeRequest({ urls: remoteAddresses }, (details, answer) => {
    onDenied(`a request to ${shown(details.url)}`)
    answer({ cancel: true })
  })
}

/** Never the whole of a URL in a log: it may carry what was typed. */
function shown(url: string): string {
  if (!URL.canParse(url)) return 'an unreadable address'
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}`
}
