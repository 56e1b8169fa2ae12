import { messageOf } from '../../../shared/errors'

/**
 * What is wrong with a text that JSON.parse refused, in the words of Go's decoder as far as clients show them: `unexpected EOF` for
 * one that was cut off, else the offset of the first character that does not belong (counted from 1).
 */
export function describeJsonFault(text: string, error: unknown): string {
  const message = messageOf(error)
  if (/end of JSON input|Unterminated string/i.test(message)) return 'unexpected EOF'
  const at = faultPosition(text, message)
  if (at >= text.length) return 'unexpected EOF'
  return `Syntax error: offset=${String(at + 1)}, error=invalid character ${quote(text.charAt(at))}`
}

/** V8 names the position, or for short texts only the token. */
function faultPosition(text: string, message: string): number {
  const position = /at position (\d+)/.exec(message)?.[1]
  if (position !== undefined) return Number(position)
  const token = /Unexpected token '?(.)/u.exec(message)?.[1]
  return token === undefined ? 0 : Math.max(0, text.indexOf(token))
}

function quote(character: string): string {
  return character === "'" ? "'\\''" : `'${character}'`
}
