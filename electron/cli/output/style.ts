import type { CliIo, Output } from '../io'

type Style = 'red' | 'green' | 'yellow' | 'bold' | 'dim'

const codes: Readonly<Record<Style, readonly [number, number]>> = { red: [31, 39], green: [32, 39], yellow: [33, 39], bold: [1, 22], dim: [2, 22] }

/** Whether colours are wanted: on a terminal, unless NO_COLOR says otherwise (no-color.org). */
export function wantsStyle(output: Output, env: CliIo['env']): boolean {
  return output.isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
}

/** The text in a style, or as it is. */
export function styled(text: string, style: Style, wanted: boolean): string {
  if (!wanted || text === '') return text
  const [on, off] = codes[style]
  return `\u001b[${on}m${text}\u001b[${off}m`
}
