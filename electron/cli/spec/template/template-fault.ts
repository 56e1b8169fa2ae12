import { AppError } from '../../../../shared/errors'

/** What a template has that cannot be done. `template.unsupported`. */
export function notUnderstood(line: number, reason: string): AppError {
  return new AppError('template.unsupported', `line ${line}: ${reason}`, {
    hint: 'Templates are those of Go: {{.name}}, {{if}}, {{range}}, {{printf}} and the like. Or take the file as it is with --no-template.',
  })
}
