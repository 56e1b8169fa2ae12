import { AppError, messageOf } from '../../../shared/errors'

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
