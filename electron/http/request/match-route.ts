import type { Method, Route } from '../../../shared/http/route'

/** Where a request goes. `path` of a failure tells whether the path is known under another method. */
export type RouteMatch<Name extends string> =
  | { readonly kind: 'found'; readonly name: Name; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'wrong-method'; readonly allowed: readonly Method[] }
  | { readonly kind: 'unknown' }

interface Pattern<Name extends string> {
  readonly name: Name
  readonly method: Method
  readonly segments: readonly string[]
}

/** A matcher for routes as they stand in the table. A fixed segment wins over a parameter; a trailing slash is another path. */
export function routeMatcher<Name extends string>(
  table: Readonly<Record<Name, Pick<Route, 'method' | 'path'>>>,
): (method: string, path: string) => RouteMatch<Name> {
  const patterns = (Object.keys(table) as Name[])
    .map((name): Pattern<Name> => ({ name, method: table[name].method, segments: table[name].path.split('/') }))
    .sort((a, b) => countParameters(a.segments) - countParameters(b.segments))
  const byLength = new Map<number, readonly Pattern<Name>[]>()
  for (const pattern of patterns) byLength.set(pattern.segments.length, [...(byLength.get(pattern.segments.length) ?? []), pattern])
  return (method, path) => {
    const segments = path.split('/')
    const fitting = (byLength.get(segments.length) ?? []).filter((pattern) => fits(pattern.segments, segments))
    const found = fitting.find((pattern) => pattern.method === method)
    if (found !== undefined) return { kind: 'found', name: found.name, params: readParameters(found.segments, segments) }
    return fitting.length === 0 ? { kind: 'unknown' } : { kind: 'wrong-method', allowed: fitting.map((pattern) => pattern.method) }
  }
}

function countParameters(segments: readonly string[]): number {
  return segments.filter((segment) => segment.startsWith(':')).length
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return pattern.every((part, at) => (part.startsWith(':') ? segments[at] !== '' : part === segments[at]))
}

function readParameters(pattern: readonly string[], segments: readonly string[]): Record<string, string> {
  return Object.fromEntries(pattern.flatMap((part, at) => (part.startsWith(':') ? [[part.slice(1), decode(segments[at] ?? '')]] : [])))
}

/** As Bacalhau's router: an escaped slash leaves the whole value as it came, so that it is never mistaken for a path. */
function decode(segment: string): string {
  if (/%2f/i.test(segment)) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment // A lone percent sign is a name like any other.
  }
}
