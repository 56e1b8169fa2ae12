/** One line of a difference: kept, added or deleted. `line` counts from 1, in the new text for kept and added lines, in the old for deleted ones. */
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'deleted'
  readonly text: string
  readonly line: number
}

/** Beyond so many differing lines the middle is told as replaced: nobody reads a finer answer, and it would take long. */
const MAX_COMPARED = 1500

/** How `after` differs from `before`, line by line. */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const a = before.split('\n')
  const b = after.split('\n')
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1
  const same = (text: string, line: number): DiffLine => ({ kind: 'same', text, line })
  return [
    ...b.slice(0, start).map((text, index) => same(text, index + 1)),
    ...diffMiddle(a.slice(start, a.length - end), b.slice(start, b.length - end), start),
    ...b.slice(b.length - end).map((text, index) => same(text, b.length - end + index + 1)),
  ]
}

function diffMiddle(a: readonly string[], b: readonly string[], offset: number): DiffLine[] {
  if (a.length > MAX_COMPARED || b.length > MAX_COMPARED) return [...a.map(deleted(offset)), ...b.map(added(offset))]
  const lengths = commonLengths(a, b)
  const at = (i: number, j: number): number => lengths[i * (b.length + 1) + j] ?? 0
  const lines: DiffLine[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    const [mine, theirs] = [a[i], b[j]]
    if (mine !== undefined && mine === theirs) {
      lines.push({ kind: 'same', text: mine, line: offset + j + 1 })
      i += 1
      j += 1
    } else if (mine !== undefined && (theirs === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(deleted(offset)(mine, i))
      i += 1
    } else if (theirs !== undefined) {
      lines.push(added(offset)(theirs, j))
      j += 1
    }
  }
  return lines
}

const deleted =
  (offset: number) =>
  (text: string, index: number): DiffLine => ({ kind: 'deleted', text, line: offset + index + 1 })
const added =
  (offset: number) =>
  (text: string, index: number): DiffLine => ({ kind: 'added', text, line: offset + index + 1 })

/** Length of the longest common subsequence of the rests of `a` and `b`, for every pair of places. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint16Array {
  const width = b.length + 1
  const lengths = new Uint16Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const next = lengths[(i + 1) * width + j + 1] ?? 0
      lengths[i * width + j] = a[i] === b[j] ? next + 1 : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0)
    }
  }
  return lengths
}

/** The differing lines with `context` lines around them; what lies between is left out. */
export function hunksOf(lines: readonly DiffLine[], context: number): readonly (readonly DiffLine[])[] {
  const hunks: DiffLine[][] = []
  let last = -Infinity
  lines.forEach((line, index) => {
    const near = lines.slice(Math.max(0, index - context), index + context + 1).some(({ kind }) => kind !== 'same')
    if (!near) return
    if (index - last > 1) hunks.push([])
    hunks[hunks.length - 1]?.push(line)
    last = index
  })
  return hunks
}
