import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { AppError } from '../../shared/errors'
import type { TokenTable } from './authorization'

/** Writes the table that the gate reads: whole or not at all, mode 0600. */
export function writeTokenFile(path: string, tokens: TokenTable): void {
  if (tokens !== 'open' && tokens.includes('')) {
    throw new AppError('gate.empty-token', 'An empty token would let everybody in.', { hint: 'Set a token, or none at all.' })
  }
  const fresh = `${path}.new`
  rmSync(fresh, { force: true })
  writeFileSync(fresh, JSON.stringify(tokens), { mode: 0o600, flag: 'wx' })
  renameSync(fresh, path)
}

/** Throws when the file is missing or not a table: a gate that does not know its tokens must let nobody in. */
export function readTokenFile(path: string): TokenTable {
  const table: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (table === 'open') return table
  if (Array.isArray(table) && table.every((token): token is string => typeof token === 'string' && token !== '')) return table
  throw new Error(`${path} is not a table of tokens`)
}
