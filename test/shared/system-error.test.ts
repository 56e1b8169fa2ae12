import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { AppError } from '../../shared/errors'
import { isDiskFull, isMissing, systemCodeOf } from '../../shared/system-error'

function thrownBy(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
const withCode = (code: unknown): Error => Object.assign(new Error('write failed'), { code })

it('tells what the system said of a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'system-error-'))
  const missing = thrownBy(() => readFileSync(join(folder, 'none')))
  const notAFile = thrownBy(() => readFileSync(folder))
  rmSync(folder, { recursive: true })
  expect([systemCodeOf(missing), isMissing(missing)]).toEqual(['ENOENT', true])
  expect([systemCodeOf(notAFile), isMissing(notAFile)]).toEqual(['EISDIR', false])
})

it.each([undefined, 'ENOENT', { code: 'ENOENT' }, new Error('ENOENT'), withCode(2)])('has no code for %j', (error) => {
  expect(systemCodeOf(error)).toBeUndefined()
  expect(isMissing(error)).toBe(false)
})

it.each(['ENOSPC', 'EDQUOT'])('a full disk and a used-up quota are the same to a program: %s', (code) =>
  expect(isDiskFull(withCode(code))).toBe(true),
)
it.each([withCode('EACCES'), new AppError('disk.full', 'ENOSPC'), 'ENOSPC'])('anything else is no full disk', (error) =>
  expect(isDiskFull(error)).toBe(false),
)
