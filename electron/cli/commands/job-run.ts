import { AppError } from '../../../shared/errors'
import type { JobSpec } from '../../../shared/jobs/job-spec'
import { readInput } from '../read-input'
import type { Session } from '../session'
import { readJobSpec } from '../spec/read-job-spec'
import { renderTemplate } from '../spec/render-template'
import { templateVariables } from '../spec/template-variables'
import type { SubmitFlags } from '../jobs/submit-job'
import { showDifference, submitJob } from '../jobs/submit-job'

/** `template`: the text is a Go template first. `templateVars` win over the environment variables whose names match `templateEnvs`. */
export interface JobRunFlags extends SubmitFlags {
  readonly template: boolean
  readonly templateVars: Readonly<Record<string, string>>
  readonly templateEnvs: readonly string[]
  readonly dryRun?: boolean
}

/** `shoal job run [FILE]` */
export async function runJob(session: Session, file: string | undefined, flags: JobRunFlags): Promise<void> {
  const text = await readInput(file, session.io)
  const spec = await validSpec(async () =>
    readJobSpec(flags.template ? renderTemplate(text, templateVariables(flags.templateVars, flags.templateEnvs, session.io.env)) : text),
  )
  if (flags.dryRun === true) await showDifference(session, spec)
  else await submitJob(session, spec, flags)
}

/** What is wrong with a job is told as such; what is wrong with a flag is told as it is. */
export async function validSpec(read: () => Promise<JobSpec>): Promise<JobSpec> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof AppError) || error.code.startsWith('cli.')) throw error
    throw new AppError(error.code, `the job provided is invalid: ${error.message}`, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      cause: error,
    })
  }
}

/** `shoal job validate FILE`: asks no server. */
export async function validateJob(session: Session, file: string): Promise<void> {
  const text = await readInput(file, session.io)
  await validSpec(() => readJobSpec(text))
  session.io.stdout.write('OK\n')
}
