import { createServer, type Server } from 'node:http'
import { readFile, symlink, unlink } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { contentSecurityPolicy } from '../../electron/app/page/content-policy'
import type { Answer } from '../../shared/bridge'
import { expect, root, test, type OpenApp } from './app-fixture'

/** Electron's security checklist (its numbers in brackets), each item as it is at run time. */

let outside: Server
let outsideUrl: string
let visits: string[]

test.beforeEach(async () => {
  visits = []
  outside = createServer((request, response) => {
    visits.push(request.url ?? '')
    response.setHeader('Content-Type', 'text/html').end('<title>outside</title><script>parent.postMessage("outside", "*")</script>')
  })
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve))
  outsideUrl = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`
})
test.afterEach(() => {
  outside.closeAllConnections()
  outside.close()
})

/** The value of an expression in the page's own world, or the error it threw. */
async function inPage({ page }: OpenApp, expression: string): Promise<unknown> {
  return page.evaluate(`(async () => { try { return await (${expression}) } catch (error) { return 'threw ' + error.name } })()`)
}

const webPreferences = async ({ electron }: OpenApp) =>
  electron.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
    return contents.getLastWebPreferences()
  })

test('[2, 3, 4, 6, 9, 10, 11] the page has no Node, a world of its own, a sandbox, and no loosened setting', async ({ desk }) => {
  const app = await desk.open()
  for (const name of ['process', 'require', 'module', 'Buffer', 'global', '__dirname', 'electron'])
    expect(await inPage(app, `typeof ${name}`)).toBe('undefined')
  const preferences = await webPreferences(app)
  expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true })
  for (const name of [
    'nodeIntegrationInWorker',
    'nodeIntegrationInSubFrames',
    'allowRunningInsecureContent',
    'experimentalFeatures',
    'webviewTag',
    'enableRemoteModule',
  ]) {
    expect(preferences[name] ?? false, name).toBe(false)
  }
  expect(preferences['enableBlinkFeatures'] ?? '').toBe('')
  // A worker has no Node either; the policy does not even let one be made of text.
  expect(await inPage(app, `new Worker(URL.createObjectURL(new Blob(['1'])))`)).toMatch(/threw/)
})

test('[1, 8] nothing is loaded from outside, by whatever way', async ({ desk }) => {
  const app = await desk.open()
  const requested: string[] = []
  app.page.on('request', (request) => requested.push(request.url()))
  await app.page.reload()
  await app.page.waitForLoadState('load')
  expect(requested.length).toBeGreaterThan(2)
  expect(requested.filter((url) => !url.startsWith('app://shoal/'))).toEqual([])

  expect(await inPage(app, `fetch('${outsideUrl}/fetch')`)).toMatch(/threw/)
  await inPage(
    app,
    `new Promise((done) => { const image = new Image(); image.onload = image.onerror = () => done(1); image.src = '${outsideUrl}/image' })`,
  )
  await inPage(
    app,
    `new Promise((done) => { const link = document.createElement('link'); link.rel = 'stylesheet'; link.onload = link.onerror = () => done(1); link.href = '${outsideUrl}/style'; document.head.append(link) })`,
  )
  await inPage(
    app,
    `new Promise((done) => { const frame = document.createElement('iframe'); frame.onload = frame.onerror = () => done(1); frame.src = '${outsideUrl}/frame'; document.body.append(frame); setTimeout(done, 500) })`,
  )
  const socket = `new Promise((done) => { const socket = new WebSocket('${outsideUrl.replace('http', 'ws')}/socket'); socket.onopen = () => done('open'); socket.onerror = () => done('refused') })`
  expect(await inPage(app, socket)).toBe('refused')
  await inPage(app, `navigator.sendBeacon('${outsideUrl}/beacon')`)
  // Even without the policy, main's own request filter ends it.
  const bypass = await app.electron.evaluate(
    async ({ session }, url) => session.defaultSession.fetch(url).then(() => 'answered', String),
    `${outsideUrl}/session`,
  )
  expect(bypass).toContain('ERR_BLOCKED_BY_CLIENT')
  expect(visits).toEqual([])
})

test('[5] every permission is denied, asked or looked up', async ({ desk }) => {
  const app = await desk.open()
  expect(await inPage(app, `Notification.requestPermission()`)).toBe('denied')
  expect(
    await inPage(app, `new Promise((done) => navigator.geolocation.getCurrentPosition(() => done('granted'), (error) => done(error.code)))`),
  ).toBe(1)
  expect(await inPage(app, `navigator.mediaDevices.getUserMedia({ audio: true })`)).toMatch(/^threw/)
  expect(await inPage(app, `navigator.mediaDevices.getDisplayMedia({ video: true })`)).toMatch(/^threw/)
  expect(await inPage(app, `navigator.clipboard.readText()`)).toMatch(/^threw/)
  for (const name of ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read', 'midi']) {
    expect(await inPage(app, `navigator.permissions.query({ name: '${name}' }).then((status) => status.state)`), name).toBe('denied')
  }
  for (const ask of [
    'usb.requestDevice({ filters: [] })',
    'hid.requestDevice({ filters: [] })',
    'serial.requestPort()',
    'bluetooth.requestDevice({ acceptAllDevices: true })',
  ]) {
    expect(['threw TypeError', 'threw NotFoundError', 'threw SecurityError', 'threw NotAllowedError', 0], ask).toContain(
      await inPage(app, `navigator.${ask}.then((found) => (Array.isArray(found) ? found.length : 'granted'))`),
    )
  }
})

test('[7] the content policy is a header, and holds: no inline code, no eval, no markup from text, no foreign base', async ({ desk }) => {
  const app = await desk.open()
  const response = await app.page.reload()
  expect(await response?.headerValue('content-security-policy')).toBe(contentSecurityPolicy)
  for (const weak of ['unsafe-inline', 'unsafe-eval', '*', 'http:', 'https:', 'blob:']) expect(contentSecurityPolicy).not.toContain(weak)
  // What is evaluated from a debugger may evaluate; what the page itself runs a moment later may not.
  for (const code of [`eval('1')`, `new Function('return 1')()`]) {
    expect(
      await inPage(app, `new Promise((done) => setTimeout(() => { try { done(${code}) } catch (error) { done('threw ' + error.name) } }))`),
      code,
    ).toBe('threw EvalError')
  }
  expect(await inPage(app, `(document.body.innerHTML = '<b>x</b>')`)).toBe('threw TypeError')
  await inPage(
    app,
    `(() => { const script = document.createElement('script'); script.append('window.inlineRan = true'); document.head.append(script) })()`,
  )
  await inPage(
    app,
    `(() => { const button = document.createElement('button'); button.setAttribute('onclick', 'window.inlineRan = true'); document.body.append(button); button.click() })()`,
  )
  expect(await inPage(app, `typeof window.inlineRan`)).toBe('undefined')
  await inPage(app, `(() => { const base = document.createElement('base'); base.href = '${outsideUrl}'; document.head.append(base) })()`)
  expect(await inPage(app, `document.baseURI`)).toBe('app://shoal/index.html')
})

test('[12, 13, 14] no webview, no new window, no navigation away', async ({ desk }) => {
  const app = await desk.open()
  const { electron } = app
  await inPage(app, `(() => { const view = document.createElement('webview'); view.src = '${outsideUrl}/webview'; document.body.append(view) })()`)
  for (const target of [`${outsideUrl}/open`, 'about:blank', 'file:///etc/passwd', 'app://shoal/index.html', 'javascript:window.opened=1']) {
    expect(await inPage(app, `window.open(${JSON.stringify(target)})`), target).toBeNull()
  }
  const log = () => readFile(path.join(desk.data, 'logs/app.log'), 'utf8')
  for (const [target, told] of [
    [`${outsideUrl}/go`, `a navigation to ${outsideUrl}`],
    ['https://app.shoal.evil.example/', 'a navigation to https://app.shoal.evil.example'],
    ['app://shoal.evil/index.html', 'a navigation to app://shoal.evil'],
    ['app://evil@shoal.x/', 'a navigation to app://shoal.x'],
  ] as const) {
    await inPage(app, `void (location.href = ${JSON.stringify(target)})`)
    await expect.poll(log).toContain(`Denied ${told}`)
  }
  // Chromium itself refuses these.
  for (const target of ['file:///etc/passwd', 'data:text/html,hello']) await inPage(app, `void (location.href = ${JSON.stringify(target)})`)
  const pages = await electron.evaluate(({ webContents }) =>
    Promise.all(
      webContents
        .getAllWebContents()
        .map(async (contents) => [
          contents.getURL(),
          (await contents.executeJavaScript(`document.body.innerText.includes('No cluster yet.')`)) as boolean,
        ]),
    ),
  )
  expect(pages).toEqual([['app://shoal/index.html', true]])
  expect(visits).toEqual([])
})

test('[15] nothing the page can ask for opens an address in another program', async ({ desk }) => {
  const app = await desk.open()
  await app.electron.evaluate(({ shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { opened })
    shell.openExternal = (url: string) => {
      opened.push(url)
      return Promise.resolve()
    }
  })
  await inPage(app, `window.open('https://example.org')`)
  await inPage(app, `(location.href = 'mailto:someone@example.org')`)
  await inPage(app, `(location.href = 'shoal-other://x')`)
  for (const name of ['shell.openExternal', 'app.openExternal', 'openExternal'])
    expect(await inPage(app, `shoal.call('${name}', { url: 'https://example.org' })`)).toMatchObject({ ok: false })
  expect(await app.electron.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)).toEqual([])
})

test('[16] the Electron of releases is a supported one', async () => {
  const manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { readonly devDependencies: Record<string, string> }
  const major = Number(/^\d+/.exec(manifest.devDependencies['electron'] ?? '')?.[0])
  expect(major).toBeGreaterThanOrEqual(43)
})

test('[17] commands are taken from the main frame of our page alone, and checked', async ({ desk }) => {
  const app = await desk.open()
  const bad: readonly (readonly [string, unknown, string])[] = [
    ['no.such', undefined, 'ipc.unknown-command'],
    ['__proto__', undefined, 'ipc.unknown-command'],
    ['constructor', undefined, 'ipc.unknown-command'],
    ['clusters.start', {}, 'ipc.bad-input'],
    ['clusters.start', { clusterId: '../../etc' }, 'cluster.unknown'],
    ['clusters.start', { clusterId: 7 }, 'ipc.bad-input'],
    ['nodes.add', { clusterId: 'x', count: 1e9 }, 'ipc.bad-input'],
    ['clusters.create', { name: 'x'.repeat(10_000) }, 'ipc.bad-input'],
    ['app.facts', { unasked: true }, 'ipc.bad-input'],
  ]
  for (const [name, input, code] of bad) {
    expect(
      await inPage(app, `shoal.call(${JSON.stringify(name)}, ${input === undefined ? 'undefined' : JSON.stringify(input)})`),
      name,
    ).toMatchObject({ ok: false, failure: { code } })
  }
  expect(await inPage(app, `shoal.call({ toString: 1 }, undefined)`)).toMatchObject({ ok: false })

  // A frame within the page, even of our own origin, is refused; so is a page of another origin in a window of its own.
  const fromFrame = await app.electron.evaluate(async ({ BrowserWindow, ipcMain }) => {
    const window = BrowserWindow.getAllWindows()[0]
    const handler = (
      ipcMain as unknown as { _invokeHandlers: Map<string, (event: unknown, ...args: unknown[]) => Promise<unknown>> }
    )._invokeHandlers.get('shoal:command')
    const main = window?.webContents.mainFrame
    const senders = [
      null,
      { parent: main, url: 'app://shoal/index.html' },
      { parent: null, url: 'app://shoal.evil/index.html' },
      { parent: null, url: 'https://shoal/' },
      { parent: null, url: 'about:blank' },
      { parent: null, url: 'app://shoal@evil/' },
    ]
    return Promise.all(senders.map(async (senderFrame) => handler?.({ senderFrame }, 'app.facts', undefined)))
  })
  expect(fromFrame).toHaveLength(6)
  for (const answer of fromFrame) expect(answer).toMatchObject({ ok: false, failure: { code: 'ipc.refused' } })
})

test('[18] the page comes over a protocol of our own that serves the bundle and nothing else', async ({ desk }) => {
  const app = await desk.open()
  expect(app.page.url()).toBe('app://shoal/index.html')
  const link = path.join(root, 'dist/renderer/outside.json')
  await symlink(path.join(root, 'package.json'), link)
  try {
    const tries = [
      '../package.json',
      '..%2fpackage.json',
      '%2e%2e/package.json',
      '..%5cpackage.json',
      '/../main.js',
      '%2fetc%2fpasswd',
      'outside.json',
      'index.html%00.js',
      '.',
      '',
      '%',
      'assets/',
    ]
    for (const target of tries) {
      expect(await inPage(app, `fetch('app://shoal/${target}').then((answer) => answer.status)`), target).toBe(404)
    }
  } finally {
    await unlink(link)
  }
  expect(await inPage(app, `fetch('app://shoal/index.html', { method: 'POST' }).then((answer) => answer.status)`)).toBe(404)
  expect(await inPage(app, `fetch('app://other/index.html').then((answer) => answer.status)`)).toMatch(/threw/)
  expect(await inPage(app, `fetch('file:///etc/passwd')`)).toMatch(/threw/)
})

test('[20] of Electron and of ours, the page holds two functions', async ({ desk }) => {
  const app = await desk.open()
  expect(await inPage(app, `Object.entries(window.shoal).map(([name, value]) => name + ' ' + typeof value).sort()`)).toEqual([
    'call function',
    'listen function',
  ])
  expect(await inPage(app, `['ipcRenderer', 'contextBridge', 'electron', 'nodeRequire', 'process'].filter((name) => name in window)`)).toEqual([])
  // An event reaches a listener as a name and a value, never with the object that could answer.
  const heard = (await inPage(
    app,
    `new Promise((done) => { const off = shoal.listen((...args) => { off(); done(args.length) }); shoal.call('app.setTheme', { theme: 'dark' }) })`,
  )) as number
  expect(heard).toBe(2)
  expect((await inPage(app, `shoal.call('app.facts', undefined)`)) as Answer<unknown>).toMatchObject({
    ok: true,
    value: { theme: 'dark', dark: true },
  })
})
