/**
 * One figure of a benchmark. `value` is Shoal's, in `unit`; `peer` the same figure of a bare process, an empty app or another program in the
 * same run, with its name; `limit` the most that is allowed, of the value itself or (`ratio`) of value ÷ peer. `met` says whether it holds.
 *
 * @typedef {{name: string, unit: string, value: number, peer?: {name: string, value: number}, limit?: {of: 'value' | 'ratio', most: number}, met?: boolean}} Measured
 */

/**
 * Decides whether a figure holds its limit.
 *
 * @param {Omit<Measured, 'met'>} figure
 * @returns {Measured}
 */
export function judged(figure) {
  if (figure.limit === undefined) return figure
  const found = figure.limit.of === 'value' ? figure.value : ratioOf(figure)
  return { ...figure, met: found !== undefined && found <= figure.limit.most }
}

/**
 * @param {Pick<Measured, 'value' | 'peer'>} figure
 * @returns {number | undefined} value ÷ peer; undefined where there is no peer
 */
export function ratioOf({ value, peer }) {
  return peer === undefined || peer.value === 0 ? undefined : value / peer.value
}

/**
 * @param {readonly number[]} samples
 * @param {number} share from 0 (least) to 1 (most); 0.5 is the median
 * @returns {number} the sample at that share, by nearest rank
 */
export function percentile(samples, share) {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))
  const found = sorted[at]
  if (found === undefined) throw new Error('no samples')
  return found
}

/**
 * @param {readonly Measured[]} results
 * @returns {string} a table for the terminal, which is Markdown as well
 */
export function table(results) {
  const header = ['what', 'Shoal', 'peer', 'ratio', 'limit', '']
  const rows = results.map((figure) => {
    const ratio = ratioOf(figure)
    return [
      figure.name,
      `${shown(figure.value)} ${figure.unit}`,
      figure.peer === undefined ? '' : `${shown(figure.peer.value)} ${figure.unit} (${figure.peer.name})`,
      ratio === undefined ? '' : `${ratio.toFixed(2)}×`,
      figure.limit === undefined ? '' : figure.limit.of === 'ratio' ? `≤ ${figure.limit.most}×` : `≤ ${shown(figure.limit.most)} ${figure.unit}`,
      figure.met === undefined ? '' : figure.met ? 'ok' : 'MISSED',
    ]
  })
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [line(header), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join('\n')
}

/** Three significant digits, and no more zeros than a number needs. */
function shown(/** @type {number} */ value) {
  return Math.abs(value) >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString()
}
