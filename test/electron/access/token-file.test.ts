import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readTokenFile, writeTokenFile } from '../../../electron/access/token-file'

let dir: string
let path: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tokens-'))
  path = join(dir, 'tokens.json')
})
afterEach(() => rmSync(dir, { recursive: true }))

describe('the table of tokens', () => {
  it.each([{ tokens: 'open' as const }, { tokens: [] }, { tokens: ['one', 'two "quoted" \\ ünïcode'] }])(
    'comes back as it was written: $tokens',
    ({ tokens }) => {
      writeTokenFile(path, tokens)
      expect(readTokenFile(path)).toEqual(tokens)
    },
  )

  it('is for this user only, also over a file that was not', () => {
    writeFileSync(path, '[]')
    chmodSync(path, 0o644)
    writeTokenFile(path, ['one'])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(dir)).toEqual(['tokens.json'])
  })

  it('does not take an empty token', () => {
    expect(() => writeTokenFile(path, ['one', ''])).toThrow(expect.objectContaining({ code: 'gate.empty-token' }))
  })

  it.each(['', '{}', '["one",7]', '["one",""]', '"closed"'])('is not read from %j', (text) => {
    writeFileSync(path, text)
    expect(() => readTokenFile(path)).toThrow()
  })
})
