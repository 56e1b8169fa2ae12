import { isAbsolute, join, resolve } from 'node:path'
import { AppError } from '../../shared/errors'

/**
 * The absolute path that a data directory's text means. `~` is the home; a relative path is taken from `cwd` where it was typed
 * on the command line, and refused where it came from a file or a variable, whose reader may stand anywhere.
 * Throws `config.bad-data-dir`.
 */
export function resolveDataDir(
  text: string,
  from: { readonly homeDir: string; readonly cwd: string; readonly typed: boolean; readonly source: string },
): string {
  if (text.trim() === '') throw new AppError('config.bad-data-dir', `The data directory (${from.source}) is empty.`, { hint: 'Name a folder.' })
  if (text.includes('$')) {
    throw new AppError('config.bad-data-dir', `The data directory "${text}" (${from.source}) has a $ in it, which nothing here expands.`, {
      hint: 'Write the path out; ~ stands for your home.',
    })
  }
  if (text === '~') return from.homeDir
  if (/^~[/\\]/.test(text)) return join(from.homeDir, text.slice(2))
  if (isAbsolute(text)) return resolve(text)
  if (from.typed) return resolve(from.cwd, text)
  throw new AppError('config.bad-data-dir', `The data directory "${text}" (${from.source}) is not an absolute path.`, {
    hint: 'Write the whole path; ~ stands for your home.',
  })
}
