import { AppError } from '../../../shared/errors'
import { parseCsvRecord } from './csv-record'

/**
 * `a=b`, or several with commas between: `a=b,c=d`. A text with one `=` is one pair, commas and all. Throws `cli.bad-value`.
 * @param flag as the user typed it, for the message
 */
export function parsePairs(text: string, flag: string): Readonly<Record<string, string>> {
  const single = text.split('=').length === 2
  const parts = single ? [text] : parseCsvRecord(text)
  return Object.fromEntries(
    parts.map((part) => {
      const equals = part.indexOf('=')
      if (equals > 0) return [part.slice(0, equals), part.slice(equals + 1)]
      throw new AppError('cli.bad-value', `${flag} cannot be "${text}": "${part}" is no NAME=VALUE.`, { hint: `Write ${flag} NAME=VALUE.` })
    }),
  )
}

const labelKey = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/

/** Labels as `a=b,c=d,e`, from several flags; a word alone has an empty value. Throws `cli.bad-labels` for what Kubernetes would not take. */
export function parseLabels(texts: readonly string[]): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {}
  for (const part of texts.flatMap(parseCsvRecord)) {
    const [key = '', ...value] = part.split('=')
    const text = value.join('=')
    if (labelKey.test(key) && labelValue.test(text)) labels[key] = text
    else
      throw new AppError(
        'cli.bad-labels',
        `received invalid job labels: "${labelKey.test(key) ? text : key}" is no ${labelKey.test(key) ? 'value' : 'key'} of a label.`,
        {
          hint: 'Use letters, digits, "-", "_" and ".", at most 63, with a letter or digit first and last.',
        },
      )
  }
  return labels
}
