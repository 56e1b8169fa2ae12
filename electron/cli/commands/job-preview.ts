import type { Output } from '../../client/http-client'
import { withJobs } from '../jobs/with-jobs'
import { rawItems } from '../jobs/job-answers'
import type { OutputFlags } from '../output/format'
import { printRows } from '../output/format'
import { shortId } from '../output/human'
import type { Column } from '../output/table'
import { readInput } from '../read-input'
import type { Session } from '../session'
import { readJobSpec } from '../spec/read-job-spec'
import { wireJob } from '../spec/wire-job'
import { validSpec } from './job-run'

type Placement = Output<'previewJob'>['Nodes'][number]

const columns: readonly Column<Placement>[] = [
  { head: 'node', value: ({ node }) => node, short: shortId },
  { head: 'suitable', value: ({ suitable }) => (suitable ? 'yes' : 'no') },
  { head: 'requirement', value: ({ requirement }) => requirement ?? '' },
  { head: 'reason', value: ({ reason }) => reason, width: 80 },
]

/** `shoal job preview [FILE]`, which Bacalhau does not have: where a job could run, and what rules the other nodes out. */
export async function previewJob(session: Session, file: string | undefined, flags: OutputFlags): Promise<void> {
  const text = await readInput(file, session.io)
  const spec = await validSpec(() => readJobSpec(text))
  const { value, raw } = await withJobs(session, (client) => client.ask('previewJob', { body: { Job: wireJob(spec) } }))
  for (const warning of value.Warnings ?? []) session.io.stderr.write(`Warning: ${warning}\n`)
  await printRows(session.io, flags, columns, value.Nodes, rawItems(raw, 'Nodes'))
}
