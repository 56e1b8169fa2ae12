const MAX_LENGTH = 40

/** A name that is safe as a folder, a node id and a token of a NATS subject: `[a-z0-9-]`, no dash at either end. Empty when nothing is left of it. */
export function safeName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_LENGTH)
    .replace(/^-+|-+$/g, '')
}

/** Names for `count` more nodes of a cluster: `tide-a`, `tide-b`, … `tide-z`, `tide-aa`; names that are taken are passed over. */
export function nextNodeNames(prefix: string, taken: readonly string[], count: number): readonly string[] {
  const used = new Set(taken)
  const names: string[] = []
  for (let index = 0; names.length < count; index += 1) {
    const name = `${prefix}-${letters(index)}`
    if (!used.has(name)) names.push(name)
  }
  return names
}

/** 0 → a, 25 → z, 26 → aa: as columns of a sheet are lettered. */
function letters(index: number): string {
  const last = String.fromCharCode(97 + (index % 26))
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last
}
