import { describeJob } from '../jobs/describe-job'
import { withJobs } from '../jobs/with-jobs'
import type { OutputFlags } from '../output/format'
import { printObject } from '../output/format'
import { styled, wantsStyle } from '../output/style'
import type { Session } from '../session'

/** `version`: of the job, its latest when left out. */
export interface JobDescribeFlags extends Partial<OutputFlags> {
  readonly namespace?: string
  readonly version?: number
}

/** `shoal job describe ID`: for people, or the whole answer as JSON or YAML. */
export async function describe(session: Session, id: string, flags: JobDescribeFlags): Promise<void> {
  const { namespace, version, output } = flags
  const query = { namespace, include: 'executions,history', job_version: version === undefined ? undefined : String(version) }
  const { value, raw } = await withJobs(session, (client) => client.ask('job', { params: { id }, query }))
  if (output !== undefined) return printObject(session.io, { ...flags, output }, raw)
  const { io } = session
  const colour = wantsStyle(io.stdout, io.env)
  const heading = (text: string): string => styled(text, 'bold', colour)
  const { Job: job, Executions, History } = value
  io.stdout.write(describeJob({ job, executions: Executions?.Items ?? [], history: History?.Items ?? [], now: new Date(), heading }))
}
