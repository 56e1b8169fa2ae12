import { promises as fs } from 'node:fs'

const SLASH = Buffer.from('/')

/**
 * Gives what lies in `folder` (all the way down) names that are text, for archives hold no others here: a byte that is no UTF-8 becomes `%` and two digits
 * (`bad%ff`), with `~` and a number behind it where that name is taken. Links are not followed. Resolves with how many were renamed. Rejects with the
 * system's error.
 */
export async function giveReadableNames(folder: string): Promise<number> {
  return renameIn(Buffer.from(folder))
}

async function renameIn(folder: Buffer): Promise<number> {
  let renamed = 0
  // As bytes: a name that is no text comes out of a decoder as another one, which there is not.
  const entries = await fs.readdir(folder, { encoding: 'buffer', withFileTypes: true })
  const taken = new Set(entries.map(({ name }) => name.toString('latin1')))
  for (const entry of entries) {
    const from = Buffer.concat([folder, SLASH, entry.name])
    if (isText(entry.name)) {
      if (entry.isDirectory()) renamed += await renameIn(from)
      continue
    }
    const name = freeName(readable(entry.name), taken)
    const to = Buffer.concat([folder, SLASH, Buffer.from(name)])
    await fs.rename(from, to)
    renamed += 1
    if (entry.isDirectory()) renamed += await renameIn(to)
  }
  return renamed
}

function isText(name: Buffer): boolean {
  return name.every((byte) => byte < 0x80) || Buffer.from(name.toString('utf8')).equals(name)
}

/** What is text in it stays. */
function readable(name: Buffer): string {
  let text = ''
  for (let at = 0; at < name.length;) {
    const length = [1, 2, 3, 4].find((bytes) => at + bytes <= name.length && isText(name.subarray(at, at + bytes)))
    const part = name.subarray(at, at + (length ?? 1))
    text += length === undefined ? `%${part.toString('hex')}` : part.toString('utf8')
    at += part.length
  }
  return text
}

function freeName(name: string, taken: Set<string>): string {
  for (let number = 0; ; number += 1) {
    const free = number === 0 ? name : `${name}~${String(number)}`
    const key = Buffer.from(free).toString('latin1')
    if (!taken.has(key)) {
      taken.add(key)
      return free
    }
  }
}
