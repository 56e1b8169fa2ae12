import { configKeys } from '../../../shared/config/keys'

/** Last parts of the keys that hold secrets: a line is judged by itself, as diffs show lines and not trees. */
const secretNames = [...new Set(configKeys.filter(({ secret }) => secret === true).map(({ path }) => path.at(-1) ?? ''))]
const secretLine = new RegExp(`^(\\s*(?:-\\s+)?["']?(?:[\\w.]+\\.)?(?:${secretNames.join('|')})["']?\\s*:\\s*)(\\S.*)$`, 'i')

/** A line cut before its secret value; `secret` is empty where the line holds none. */
export function cutSecret(line: string): { readonly before: string; readonly secret: string } {
  const [, before, secret] = secretLine.exec(line) ?? []
  return before === undefined || secret === undefined || secret.startsWith('#') ? { before: line, secret: '' } : { before, secret }
}
