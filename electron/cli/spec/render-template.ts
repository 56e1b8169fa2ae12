import { AppError, messageOf } from '../../../shared/errors'

/** Braces with what stands between them, of which quoted texts and comments may hold braces, too. */
const action = /\{\{(-(?=\s))?((?:\/\*[^]*?\*\/|"(?:[^"\\\n]|\\.)*"|`[^`]*`|[^"`])*?)((?<=\s)-)?\}\}/g

/**
 * A job's text with its variables filled in. Of Go's template language it takes what job files need: `{{.name}}`, quoted texts (`{{"{{"}}`), comments, and
 * `-` beside the braces, which removes the white space there. Throws `template.missing` for a variable without a value, `template.unsupported` for all else.
 */
export function renderTemplate(text: string, variables: Readonly<Record<string, string>>): string {
  let result = ''
  let end = 0
  let trimNext = false
  const literal = (piece: string, trimEnd: boolean): string => {
    const begun = trimNext ? piece.trimStart() : piece
    return trimEnd ? begun.trimEnd() : begun
  }
  for (const match of text.matchAll(action)) {
    const [whole, trimBefore, inner = '', trimAfter] = match
    result += literal(text.slice(end, match.index), trimBefore !== undefined) + valueOf(inner.trim(), lineOf(text, match.index), variables)
    end = match.index + whole.length
    trimNext = trimAfter !== undefined
  }
  const rest = text.slice(end)
  if (rest.includes('{{'))
    throw new AppError('template.unsupported', `line ${lineOf(text, end + rest.indexOf('{{'))}: "{{" is never closed.`, {
      hint: 'Close it with "}}", or take the file as it is with --no-template.',
    })
  return result + literal(rest, false)
}

function valueOf(inner: string, line: number, variables: Readonly<Record<string, string>>): string {
  if (/^\/\*[^]*\*\/$/.test(inner)) return ''
  if (/^`[^`]*`$/.test(inner)) return inner.slice(1, -1)
  const quoted = /^"(?:[^"\\\n]|\\["\\nt])*"$/.test(inner) ? (JSON.parse(inner) as string) : undefined
  if (quoted !== undefined) return quoted
  const name = /^\.([\p{L}_][\p{L}\p{Nd}_]*)$/u.exec(inner)?.[1]
  if (name === undefined)
    throw new AppError('template.unsupported', `line ${line}: {{${inner}}} is not understood: templates take variables alone, such as {{.name}}.`, {
      hint: 'Write variables as {{.name}}, or take the file as it is with --no-template.',
    })
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined
  if (value !== undefined) return value
  throw new AppError('template.missing', `line ${line}: there is no value for {{.${name}}}.`, {
    hint: `Add -V ${name}=VALUE, or -E '^${name}$' to take it from the environment, or --no-template.`,
  })
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

/** The variables of a template: those of the environment whose name fits one of the patterns (`*`: all), then those that are given, which win. Throws `cli.bad-value`. */
export function templateVariables(
  given: Readonly<Record<string, string>>,
  patterns: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const fits = patterns.map((pattern) => (pattern === '*' ? /./ : toPattern(pattern)))
  const found = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && fits.some((one) => one.test(entry[0])))
  return { ...Object.fromEntries(found), ...given }
}

function toPattern(text: string): RegExp {
  try {
    return new RegExp(text)
  } catch (error) {
    throw new AppError('cli.bad-value', `--template-envs cannot be "${text}": ${messageOf(error)}.`, {
      hint: "Write a regular expression such as '^WHO$', or '*' for all variables.",
      cause: error,
    })
  }
}
