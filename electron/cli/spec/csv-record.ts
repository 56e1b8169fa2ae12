import { AppError } from '../../../shared/errors'

/**
 * The fields of one line of comma-separated values (RFC 4180): how Bacalhau's flags hold several values. Throws `cli.bad-value` for quotes that do not match.
 */
export function parseCsvRecord(line: string): string[] {
  const fields: string[] = []
  let rest = line
  for (;;) {
    const quoted = /^"((?:[^"]|"")*)"(?=,|$)/s.exec(rest)
    const plain = quoted === null ? /^[^",]*(?=,|$)/s.exec(rest) : null
    const found = quoted ?? plain
    if (found === null)
      throw new AppError('cli.bad-value', `The quotes in ${JSON.stringify(line)} do not match.`, {
        hint: 'Put a whole field in quotes, and write a quote inside it twice: "a ""b"" c".',
      })
    fields.push(quoted === null ? found[0] : (quoted[1] ?? '').replaceAll('""', '"'))
    if (found[0].length === rest.length) return fields
    rest = rest.slice(found[0].length + 1)
  }
}
