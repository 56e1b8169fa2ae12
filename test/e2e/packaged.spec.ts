import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { listPackage } from '@electron/asar'
import { FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses'
import { _electron as electron, expect, test as base } from '@playwright/test'
import { expectWasmJobToRun } from './wasm-job'

const ROOT = path.resolve(__dirname, '../..')
const UNPACKED = path.join(ROOT, 'release/test/linux-unpacked')
const PROGRAM = path.join(UNPACKED, 'shoal-desktop')
const run = promisify(execFile)
/** States of a fuse as they stand in the binary. */
const [OFF, ON] = ['0'.charCodeAt(0), '1'.charCodeAt(0)]

/** How the deb's `/usr/bin/shoal` starts the app's own binary, with the folder of this build. */
function wrapped(args: readonly string[]): { file: string; args: string[] } {
  const line = readFileSync(path.join(ROOT, 'scripts/package/shoal.sh'), 'utf8').match(/^exec \/opt\/Shoal\/shoal-desktop (.*) "\$@"$/m)?.[1]
  if (line === undefined) throw new Error('scripts/package/shoal.sh does not start the app as expected')
  return { file: PROGRAM, args: [...line.split(' '), ...args] }
}

/** A package and all that it needs to run, by the manifests of what is installed; sorted. */
function neededBy(name: string, found: Set<string> = new Set()): string[] {
  if (!found.has(name)) {
    found.add(name)
    const manifest = JSON.parse(readFileSync(path.join(ROOT, 'node_modules', name, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>
    }
    for (const next of Object.keys(manifest.dependencies ?? {})) neededBy(next, found)
  }
  return [...found].sort()
}

const temporaryFolder = (home: string): string => path.join(home, 'tmp')

/** A home for the programs of a test, which leave no process and no temporary file. */
const test = base.extend<{ home: string }>({
  home: async ({ browserName: _ }, use) => {
    const home = mkdtempSync(path.join(tmpdir(), 'shoal-packaged-'))
    mkdirSync(temporaryFolder(home))
    await use(home)
    await expect.poll(() => processesNaming(home)).toEqual([])
    expect(readdirSync(temporaryFolder(home))).toEqual([])
    rmSync(home, { recursive: true, force: true })
  },
})

/** No display of any kind, and a home of its own. */
function bareEnvironment(home: string): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(DISPLAY|WAYLAND_DISPLAY|XDG_.*|SHOAL_.*|npm_.*)$/.test(name))
  return { ...(Object.fromEntries(kept) as Record<string, string>), HOME: home, TMPDIR: temporaryFolder(home) }
}

test('the package holds what an app needs, and its fuses are set', async () => {
  const files = listPackage(path.join(UNPACKED, 'resources/app.asar'), { isPack: false })
  for (const file of ['/dist/main.js', '/dist/preload.js', '/dist/node.js', '/dist/gate.js', '/dist/renderer/index.html', '/package.json'])
    expect(files).toContain(file)
  expect(files.filter((file) => /\.v8-|\.fresh|^\/(?!dist\/|dist$|node_modules\/|node_modules$|package\.json$)/.test(file))).toEqual([])
  // All that is not bundled is the store with a native binary, and what it needs to run; the binary lies where the system can load it.
  const packages = new Set(files.map((file) => /^\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]).filter((name) => name !== undefined))
  expect([...packages].sort()).toEqual(neededBy('classic-level'))
  const native = files.filter((file) => file.endsWith('.node'))
  expect(native).not.toEqual([])
  for (const file of native) expect(existsSync(path.join(UNPACKED, 'resources/app.asar.unpacked', file)), file).toBe(true)
  expect(existsSync(path.join(UNPACKED, 'resources/default_app.asar'))).toBe(false)
  expect(statSync(path.join(UNPACKED, 'resources/bin/nats-server')).mode & 0o111).not.toBe(0)

  const fuses = await getCurrentFuseWire(PROGRAM)
  expect(fuses.version).toBe(FuseVersion.V1)
  const off = [FuseV1Options.RunAsNode, FuseV1Options.EnableNodeOptionsEnvironmentVariable, FuseV1Options.GrantFileProtocolExtraPrivileges]
  for (const fuse of off) expect(fuses[fuse], FuseV1Options[fuse]).toBe(OFF)
  for (const fuse of [FuseV1Options.EnableCookieEncryption, FuseV1Options.OnlyLoadAppFromAsar]) expect(fuses[fuse], FuseV1Options[fuse]).toBe(ON)
  // On in this build alone, so that a test can drive it; a release is built without.
  expect(fuses[FuseV1Options.EnableNodeCliInspectArguments]).toBe(ON)
  expect(readFileSync(path.join(ROOT, 'electron-builder.yml'), 'utf8')).toMatch(/^ {2}enableNodeCliInspectArguments: false$/m)
})

test('the packaged app cannot be made a Node.js', async ({ home }) => {
  const { file, args } = wrapped(['version', '--output', 'json'])
  const env = { ...bareEnvironment(home), ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '--require /nonexistent.js' }
  const { stdout } = await run(file, args, { env })
  expect(JSON.parse(stdout)).toBeTruthy()
})

test('the command line runs from the package, with no display', async ({ home }) => {
  const env = bareEnvironment(home)
  const [nats, api] = await freePorts(2)
  const serve = wrapped([
    'serve',
    '--orchestrator',
    '--compute',
    '--data-dir',
    path.join(home, 'data'),
    '-c',
    `Orchestrator.Port=${nats}`,
    '-c',
    `API.Port=${api}`,
  ])
  const child = spawn(serve.file, serve.args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  try {
    const list = wrapped(['node', 'list', '--output', 'json', '--api-port', String(api)])
    await expect
      .poll(async () => (await run(list.file, list.args, { env }).catch((error: unknown) => ({ stdout: String(error) }))).stdout, { timeout: 30_000 })
      .toContain('"CONNECTED"')
    const table = wrapped(['node', 'list', '--api-port', String(api)])
    expect((await run(table.file, table.args, { env })).stdout).toMatch(/ID +TYPE[\s\S]*CONNECTED/)
  } finally {
    child.kill('SIGTERM')
  }
  expect(await ended(child)).toBe(0)
  // Chromium's own complaints (no bus, no graphics) are none of a command line's output.
  expect(said).not.toMatch(/ERROR:|FATAL:/)
})

test('a whole cluster comes up from the package, with no display, and goes down with it', async ({ home }) => {
  const { file, args } = wrapped(['up', '--data-dir', path.join(home, 'data'), '--local'])
  const child = spawn(file, args, { env: bareEnvironment(home), stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  try {
    await expect.poll(() => said, { timeout: 30_000 }).toMatch(/compute.*connected/i)
  } finally {
    child.kill('SIGINT')
  }
  expect(await ended(child)).toBe(0)
})

test('a wrong command line ends with its exit code and its reason', async ({ home }) => {
  const { file, args } = wrapped(['node', 'list', '--api-port', '1'])
  const failure = await run(file, args, { env: bareEnvironment(home) }).then(
    () => undefined,
    (error: unknown) => error as { code: number; stderr: string },
  )
  expect(failure?.code).toBe(1)
  expect(failure?.stderr).toContain('127.0.0.1:1')
})

test('the window of the package starts a cluster and leaves nothing behind', async ({ home }) => {
  const app = await electron.launch({
    executablePath: PROGRAM,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    env: { ...(process.env as Record<string, string>), HOME: home, TMPDIR: temporaryFolder(home), SHOAL_USER_DATA: path.join(home, 'user-data') },
  })
  const main = app.process()
  try {
    const window = await app.firstWindow()
    await window.getByRole('button', { name: /^Start (cluster|on port)/ }).click()
    await expect(window.getByText('Connected', { exact: false }).first()).toBeVisible({ timeout: 30_000 })
    expect(await app.evaluate(({ app: electronApp }) => electronApp.isPackaged)).toBe(true)
    const apiUrl = await window.evaluate<string>(`window.shoal.call('clusters.list', undefined).then(({ value }) => value[0].apiUrl)`)
    await expectWasmJobToRun(apiUrl)
  } finally {
    await app.evaluate(({ app: electronApp }) => electronApp.quit()).catch(() => undefined)
    await ended(main)
  }
})

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, '127.0.0.1', () => {
            const address = server.address()
            resolve(typeof address === 'object' && address !== null ? address.port : 0)
          })
        }),
    ),
  )
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

/** The exit code of a process; 128 and more when a signal ended it. */
function ended(child: ChildProcess): Promise<number> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode)
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 128)))
}

/** Command lines of living processes that name a folder, read from /proc: a zombie has none. */
function processesNaming(folder: string): string[] {
  const commands = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      } catch {
        return '' // It ended meanwhile.
      }
    })
  return commands.filter((command) => command.includes(folder))
}
