import { posix } from 'node:path'

/** One entry of `Compute.AllowListedLocalPaths`. */
export interface AllowedPath {
  /** Absolute, with `*`, `?`, `[…]`, `{a,b}` and `**`. */
  readonly pattern: string
  readonly writable: boolean
}

/** `path`, `path:ro` or `path:rw`. */
export function parseAllowedPath(text: string): AllowedPath {
  const match = /^(.*):(ro|rw)$/i.exec(text)
  const pattern = (match?.[1] ?? text).replace(/(.)\/+$/, '$1')
  return { pattern, writable: match?.[2]?.toLowerCase() === 'rw' }
}

/** How a path is allowed: `rw` beats `ro`; undefined when no entry matches. A pattern without wildcards also allows what lies under it. */
export function allowedAs(allowed: readonly AllowedPath[], path: string): 'ro' | 'rw' | undefined {
  const fitting = allowed.filter(({ pattern }) => matches(pattern, path))
  if (fitting.length === 0) return undefined
  return fitting.some(({ writable }) => writable) ? 'rw' : 'ro'
}

/** The part of a pattern before its first wildcard, as a folder: links in it were made by whoever wrote the pattern. */
export function fixedPart(pattern: string): string {
  const place = pattern.search(/[*?[{]/)
  return place < 0 ? pattern : posix.dirname(`${pattern.slice(0, place)}x`)
}

function matches(pattern: string, path: string): boolean {
  if (!/[*?[{]/.test(pattern)) return path === pattern || path.startsWith(pattern === '/' ? '/' : `${pattern}/`)
  // matchesGlob of node:path is not in every Node that runs this.
  return globExpression(pattern).test(path)
}

/** A glob as a regular expression: `*` and `?` stay within a part of the path, `**` crosses them. */
export function globExpression(glob: string): RegExp {
  let source = ''
  let depth = 0
  for (let at = 0; at < glob.length; at += 1) {
    const character = glob[at] ?? ''
    if (glob.startsWith('/**/', at)) {
      source += '/(?:.*/)?'
      at += 3
    } else if (glob.startsWith('/**', at) && at + 3 === glob.length) {
      source += '(?:/.*)?'
      at += 2
    } else if (glob.startsWith('**', at)) {
      source += '.*'
      at += 1
    } else if (character === '*') source += '[^/]*'
    else if (character === '?') source += '[^/]'
    else if (character === '[' && glob.indexOf(']', at + 2) > 0) {
      const end = glob.indexOf(']', at + 2)
      source += `[${glob
        .slice(at + 1, end)
        .replace(/^!/, '^')
        .replaceAll('\\', '\\\\')}]`
      at = end
    } else if (character === '{') {
      depth += 1
      source += '(?:'
    } else if (character === '}' && depth > 0) {
      depth -= 1
      source += ')'
    } else if (character === ',' && depth > 0) source += '|'
    else source += character.replace(/[\\^$.|+()[\]{}]/g, '\\$&')
  }
  return new RegExp(`^${source}${')'.repeat(depth)}$`)
}
