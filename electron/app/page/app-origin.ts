/** The scheme of our own pages: standard and secure, served from the bundle alone. */
export const APP_SCHEME = 'app'
const APP_HOST = 'shoal'
const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`
/** The one page of the window. */
export const APP_PAGE = `${APP_ORIGIN}/index.html`

/** Whether a URL lies in our own origin. Parsed, never compared as text: `app://shoal.evil` and `app://shoal@evil` are not ours. */
export function isAppUrl(url: string): boolean {
  if (!URL.canParse(url)) return false
  const parsed = new URL(url)
  return parsed.protocol === `${APP_SCHEME}:` && parsed.host === APP_HOST && parsed.username === '' && parsed.password === '' && parsed.port === ''
}
