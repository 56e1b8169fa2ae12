import { randomUUID } from 'node:crypto'
import type { EvaluationTrigger } from '../../../shared/models/evaluation'
import type { HandlersFor } from '../../http/route-handlers'
import { ApiError } from '../../http/reply/api-error'
import { creationClock } from '../jobs/creation-clock'
import type { JobCore } from '../jobs/job-core'
import { created, deleted, rerun, stopped, updated } from '../jobs/job-changes'
import { diffJob } from '../../../shared/jobs/diff-job'
import { previewPlacement } from '../../../shared/placement/preview-placement'
import { readSpec } from '../jobs/read-spec'
import type { SpecReader } from '../jobs/read-spec'
import { findJob, jobNotFound } from '../queries/find-job'
import type { NodeBooks } from '../jobs/node-books'
import { placeable } from '../jobs/candidates'
import type { Clock } from '../ports'
import { cutMessage } from '../scheduling/bounded-words'

/** Routes that decide something about a job. */
export type JobWriteRoute = 'submitJob' | 'postJob' | 'diffJob' | 'stopJob' | 'rerunJob' | 'previewJob' | 'deleteJob'

interface JobWriteHandlersOptions {
  readonly core: JobCore
  readonly books: NodeBooks
  readonly clock: Clock
  readonly reader: SpecReader
}

/** The routes that change jobs. They answer once everything they did is durable. */
export function jobWriteHandlers({ core, books, clock, reader }: JobWriteHandlersOptions): HandlersFor<JobWriteRoute> {
  const createdAt = creationClock(() => clock.now(), core.state)
  const submit: HandlersFor<'submitJob'>['submitJob'] = async (request) => {
    const { body, header } = request
    const { job: spec, warnings } = readSpec(body.Job, reader, header)
    const known = core.state.byName(spec.Namespace, spec.Name)[0]
    const JobID = known ?? spec.ID
    const trigger: EvaluationTrigger = known === undefined ? 'job-register' : 'job-update'
    const raced = await core.transact(JobID, trigger, (state) => {
      if (state.byName(spec.Namespace, spec.Name)[0] !== known) return { changes: [], value: true }
      const record = known === undefined ? undefined : state.job(known)
      if (record === undefined) {
        if (state.job(JobID) !== undefined) throw new ApiError('ResourceInUse', `job already exists: ${JobID}`, { component: 'JobStore' })
        return { changes: created(spec, createdAt()), value: false }
      }
      if (!body.Force && diffJob(record.latest, spec) === '') {
        throw new ApiError('', `no changes detected for new job spec. Job Name: '${spec.Name}', Job Id: '${JobID}'`, {
          component: 'Bacalhau',
          hint: 'Use the --force flag to override this warning',
        })
      }
      if (record.latest.Type !== spec.Type) warnings.push(`job type cannot be changed from ${record.latest.Type} to ${spec.Type} and is ignored`)
      return { changes: updated(record, spec, clock.now()), value: false }
    })
    if (raced) return submit(request)
    return { JobID, EvaluationID: randomUUID(), Warnings: warnings.length === 0 ? null : warnings }
  }

  return {
    submitJob: submit,
    postJob: submit,
    diffJob: ({ body, header }) => {
      const { job: spec, warnings } = readSpec(body.Job, reader, header, { nameRequired: true })
      const [known = ''] = core.state.byName(spec.Namespace, spec.Name)
      const record = core.state.job(known)
      if (record === undefined) throw new ApiError('NotFound', `job name index not found: ${spec.Name}:${spec.Namespace}`, { component: 'JobStore' })
      return { Diff: diffJob(record.latest, spec), Warnings: warnings.length === 0 ? null : warnings }
    },
    stopJob: async ({ params, query, body }) => {
      const { id } = findJob(core.state, params.id, query.namespace)
      const reason = reasonOf(body.reason) || reasonOf(query.reason)
      const changed = await core.transact(id, 'job-cancel', (state) => {
        const record = state.job(id)
        const changes = record === undefined ? [] : stopped(record, reason, clock.now())
        return { changes, value: changes.length > 0 }
      })
      return { EvaluationID: changed ? randomUUID() : '' }
    },
    rerunJob: async ({ params, body }) => {
      const { id } = findForRerun(core, params.id, body.Namespace)
      const version = await core.transact(id, 'job-rerun', (state) => {
        const record = state.job(id)
        if (record === undefined) throw jobNotFound(params.id)
        const { changes, version } = rerun(record, body.JobVersion, clock.now())
        return { changes, value: version }
      })
      return { JobID: id, JobVersion: version, EvaluationID: randomUUID(), Warnings: null }
    },
    previewJob: ({ body, header }) => {
      const { job, warnings } = readSpec(body.Job, reader, header)
      const { nodes } = previewPlacement(job, placeable(books.nodes()))
      const Nodes = nodes.map(({ node, verdict }) =>
        verdict.kind === 'fits'
          ? { node: node.id, suitable: true, reason: '' }
          : { node: node.id, suitable: false, reason: verdict.reason, requirement: verdict.requirement },
      )
      return { Nodes, Warnings: warnings.length === 0 ? null : warnings }
    },
    deleteJob: async ({ params, query }) => {
      const record = findJob(core.state, params.id, query.namespace)
      await core.change(deleted(record))
      return { JobID: record.id }
    },
  }
}

/** The Python SDK sends the text `None` where no reason was given. */
function reasonOf(text: string | undefined): string {
  return text === undefined || text === 'None' ? '' : cutMessage(text)
}

/** An unknown job is a bad request here, as in Bacalhau. */
function findForRerun(core: JobCore, asked: string, namespace: string) {
  try {
    return findJob(core.state, asked, namespace)
  } catch (error) {
    if (error instanceof ApiError && error.code === 'NotFound') throw new ApiError('BadRequest', error.message, { component: 'JobStore' })
    throw error
  }
}
