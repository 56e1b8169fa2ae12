// `npm run package`: the unpacked app and, on Linux, a deb, in release/.
//   --release     refuse to package anything that is not the official build
//   --for-tests   only the unpacked app, in release/test/, which lets a test driver in
//   TARGET...     other targets of electron-builder.yml, like AppImage
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildWhatChanged } from './build.mjs'
import { runtimeVersion, unofficialParts } from './package/origins.mjs'
import { stageApp } from './package/stage.mjs'
import { orExplain, setUp } from './setup.mjs'

const PLATFORM_FLAG = { linux: '--linux', darwin: '--mac', win32: '--win' }

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const flags = process.argv.slice(2).filter((arg) => arg.startsWith('--'))
const targets = process.argv.slice(2).filter((arg) => !arg.startsWith('--'))
const forTests = flags.includes('--for-tests')

await orExplain(() => setUp({ quiet: true }))
if (!(await buildWhatChanged())) process.exit(1)

const unofficial = unofficialParts(root)
if (unofficial.length > 0) {
  process.stderr.write(`package: NOT FOR RELEASE, it holds ${unofficial.join(' and ')}\n`)
  if (flags.includes('--release')) process.exit(1)
}

stageApp(root, join(root, 'release', 'app'))
const overrides = [
  `electronVersion=${runtimeVersion(root)}`,
  `electronDist=${join('node_modules', 'electron', 'dist')}`,
  // The name of a file says what the terminal said.
  ...(unofficial.length > 0 ? ['artifactName=${name}-${version}-not-for-release-${arch}.${ext}'] : []),
  ...(forTests ? ['directories.output=release/test', 'electronFuses.enableNodeCliInspectArguments=true'] : []),
]
const wanted = forTests ? ['dir'] : targets.length > 0 ? targets : process.platform === 'linux' ? ['deb'] : ['dir']
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules', 'electron-builder', 'cli.js'),
    PLATFORM_FLAG[process.platform] ?? '--linux',
    ...wanted,
    '--publish=never',
    ...overrides.map((override) => `-c.${override}`),
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, CUSTOM_FPM_PATH: join(root, 'scripts', 'package', 'fpm-deb.mjs') } },
)
process.exit(status ?? 1)
