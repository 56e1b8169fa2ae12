import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readStamp } from '../build/freshness.mjs'
import { parts } from '../build/parts.mjs'

/** What an app says of itself; the rest of package.json is for those who build it. */
const KEPT = ['name', 'productName', 'version', 'description', 'license', 'homepage', 'author', 'main', 'desktopName', 'dependencies']
/** Of packages with binaries: what is needed to run them, here. */
const NOT_RUN = new RegExp(`/(deps|test)(/|$)|\\.(cc|gyp|md)$|/prebuilds/(?!${process.platform})[^/]+$`)
/** The entry that plain Node runs, which an app has no use for, and V8's caches, which belong to the Node that ran the build. */
const NOT_PACKAGED = /^cli\.js$|\.v8-[^/]*$/

/**
 * Lays out what is packaged: the files of the last build, without those of earlier ones that dist/ still holds, and a short package.json.
 *
 * @param {string} root the checkout, built
 * @param {string} folder where to; emptied first
 */
export function stageApp(root, folder) {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const short = Object.fromEntries(KEPT.filter((key) => key in manifest).map((key) => [key, manifest[key]]))
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(short, null, 2)}\n`)
  for (const name of closure(root, Object.keys(manifest.dependencies ?? {}))) {
    const from = join(root, 'node_modules', name)
    cpSync(from, join(folder, 'node_modules', name), {
      recursive: true,
      filter: (path) => !NOT_RUN.test(path.slice(from.length).replaceAll('\\', '/')),
    })
  }
  for (const [name, { output }] of Object.entries(parts)) {
    const stamp = readStamp(join(root, 'dist', `.${name}.json`))
    if (stamp === undefined) throw new Error(`dist/ holds no build of ${name}`)
    for (const file of stamp.files.filter((path) => !NOT_PACKAGED.test(path))) {
      mkdirSync(dirname(join(folder, output, file)), { recursive: true })
      cpSync(join(root, output, file), join(folder, output, file))
    }
  }
}

/** Packages that are loaded at run time, with all that they need themselves. */
function closure(root, names) {
  const found = new Set()
  for (const waiting = [...names]; waiting.length > 0;) {
    const name = waiting.pop()
    if (found.has(name)) continue
    found.add(name)
    const { dependencies = {} } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'))
    waiting.push(...Object.keys(dependencies))
  }
  return found
}
