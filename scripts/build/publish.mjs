import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readStamp } from './freshness.mjs'

/**
 * Moves a finished build into place, file by file, entries last: whoever starts meanwhile finds a whole program, and whoever runs
 * already finds the chunks of the build before this one. What is older goes.
 *
 * @param {{fresh: string, output: string, hashed: string, stampFile: string, fingerprint: string}} options `fresh` is the folder just built into, on the
 *   volume of `output`; `hashed` begins the names that carry a hash: of these, and only these, old ones are removed
 */
export function publish({ fresh, output, hashed, stampFile, fingerprint }) {
  mkdirSync(output, { recursive: true })
  const before = readStamp(stampFile)?.files ?? []
  const files = filesUnder(fresh, '').sort((a, b) => Number(b.startsWith(hashed)) - Number(a.startsWith(hashed)))
  for (const file of files) {
    mkdirSync(dirname(join(output, file)), { recursive: true })
    renameSync(join(fresh, file), join(output, file))
  }
  const keep = new Set([...files, ...before])
  for (const file of filesUnder(output, '')) {
    if (file.startsWith(hashed) && !keep.has(file)) rmSync(join(output, file))
  }
  rmSync(fresh, { recursive: true, force: true })
  writeFileSync(stampFile, JSON.stringify({ fingerprint, files }))
}

function filesUnder(folder, prefix) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesUnder(join(folder, entry.name), `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`],
  )
}
