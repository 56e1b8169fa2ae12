/** One downloaded result, unpacked: its folder and the files in it, by path with slashes. */
export interface UnpackedResult {
  readonly folder: string
  readonly files: readonly string[]
}

/** What is done with one file of an unpacked result; paths are relative to its folder and the target’s. */
export type MergeStep =
  | { readonly kind: 'move'; readonly from: UnpackedResult; readonly file: string }
  /** After what earlier results have written there. */
  | { readonly kind: 'append'; readonly from: UnpackedResult; readonly file: string }

/** Files that every result has. */
const special = new Set(['stdout', 'stderr', 'exitCode'])

/**
 * How results become one tree: of several, what was printed is put together one after the other; of all other files there may be one only.
 * @param only keeps this file, or all that is in this folder; undefined keeps everything
 */
export function planMerge(results: readonly UnpackedResult[], only?: string): { readonly steps: readonly MergeStep[]; readonly collision?: string } {
  const steps: MergeStep[] = []
  const seen = new Set<string>()
  const wanted = only?.replace(/\/+$/, '')
  for (const from of results) {
    for (const file of from.files.filter((one) => wanted === undefined || one === wanted || one.startsWith(`${wanted}/`))) {
      const isAgain = seen.has(file)
      if (isAgain && !special.has(file)) return { steps, collision: file }
      seen.add(file)
      steps.push({ kind: isAgain ? 'append' : 'move', from, file })
    }
  }
  return { steps }
}
