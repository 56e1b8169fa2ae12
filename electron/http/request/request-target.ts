/** Where a request wants to go. `authority` is set when the target was in absolute form: it then stands for the `Host` header. */
interface RequestTarget {
  readonly path: string
  /** Without `?`. */
  readonly search: string
  readonly authority?: string
}

/** Reads the target of a request line, in origin form (`/path?query`) or absolute form (`http://host/path?query`). */
export function parseRequestTarget(target: string): RequestTarget {
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(target)
  const rest = absolute?.[2] ?? target
  const mark = rest.indexOf('?')
  const path = mark === -1 ? rest : rest.slice(0, mark)
  return {
    path: path === '' ? '/' : path,
    search: mark === -1 ? '' : rest.slice(mark + 1),
    ...(absolute?.[1] === undefined ? {} : { authority: absolute[1] }),
  }
}
