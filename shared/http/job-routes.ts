import { z } from 'zod'
import { executionSchema, jobSchema, specConfigSchema } from '../wire/job'
import { eventSchema } from '../wire/data'
import { goBool, goTimestamp, goUint32 } from './go-query'
import { defineRoutes } from './route'

const text = z.string().default('')
const optionalText = z.string().optional()
const labels = z.union([z.string(), z.array(z.string())]).optional()
const page = <Item extends z.ZodType>(item: Item) => z.looseObject({ NextToken: text, Items: z.array(item).nullish() })
/** An entry of a job's history as the API tells it. */
export const jobHistorySchema = z.looseObject({
  SeqNum: z.number().default(0),
  Type: text,
  JobID: text,
  JobVersion: z.number().default(0),
  ExecutionID: text,
  Event: eventSchema,
  Time: text,
})
/** `Job` is read by the job's own rules, which tell faults in Go's words. */
export const submissionSchema = z.looseObject({ Job: z.unknown().optional(), Force: z.boolean().default(false) })
const accepted = z.looseObject({ JobID: z.string(), EvaluationID: text, Warnings: z.array(z.string()).nullish() })
const errors = ['NotFound', 'MultipleJobsFound', 'MultipleJobIDsForSameNameFound']

/** One frame of a log stream: a chunk of stdout (1) or stderr (2), or why there is none. */
export const logFrameSchema = z.looseObject({ error: optionalText, value: z.looseObject({ Type: z.number(), Line: z.string() }) })
/** One text of the log’s WebSocket. */
export type LogFrame = z.infer<typeof logFrameSchema>

/** Why a node does or does not suit a job. */
export const placementSchema = z.looseObject({
  node: z.string(),
  suitable: z.boolean(),
  /** What rules it out, in the words that a failed job shows. */
  reason: z.string(),
  /** Which requirement rules it out. */
  requirement: optionalText,
})

const submit = {
  path: '/api/v1/orchestrator/jobs',
  servedBy: 'orchestrator',
  summary: 'Submit a job, or a new version of the one that has this name.',
  body: submissionSchema,
  answer: { kind: 'json', schema: accepted },
  errors: ['BadRequest', 'ValidationError'],
} as const

/** Routes of jobs. Shapes are Bacalhau's; Shoal's own stand under `/api/v1/shoal/`. */
export const jobRoutes = defineRoutes({
  submitJob: { method: 'PUT', ...submit },
  postJob: { method: 'POST', ...submit },
  diffJob: {
    method: 'PUT',
    path: '/api/v1/orchestrator/jobs/diff',
    servedBy: 'orchestrator',
    summary: 'How a spec differs from the job that has its name.',
    body: submissionSchema,
    answer: { kind: 'json', schema: z.looseObject({ Diff: text, Warnings: z.array(z.string()).nullish() }) },
    errors: ['NotFound'],
  },
  jobs: {
    method: 'GET',
    path: '/api/v1/orchestrator/jobs',
    servedBy: 'orchestrator',
    summary: 'Jobs, oldest first.',
    query: z.object({ namespace: optionalText, labels, limit: goUint32, next_token: optionalText, order_by: optionalText, reverse: goBool }),
    answer: { kind: 'json', schema: page(jobSchema) },
  },
  job: {
    method: 'GET',
    path: '/api/v1/orchestrator/jobs/:id',
    servedBy: 'orchestrator',
    summary: 'One job by its name, its id or a prefix of it; on demand with executions and history.',
    query: z.object({ namespace: optionalText, job_version: goUint32, include: optionalText, limit: goUint32 }),
    answer: {
      kind: 'json',
      schema: z.looseObject({ Job: jobSchema, History: page(jobHistorySchema).optional(), Executions: page(executionSchema).optional() }),
    },
    errors,
  },
  stopJob: {
    method: 'DELETE',
    path: '/api/v1/orchestrator/jobs/:id',
    servedBy: 'orchestrator',
    summary: 'Stop a job.',
    query: z.object({ namespace: optionalText, reason: optionalText }),
    body: z.looseObject({ reason: optionalText }),
    answer: { kind: 'json', schema: z.looseObject({ EvaluationID: text }) },
    errors: [...errors, 'ConflictJobState'],
  },
  rerunJob: {
    method: 'PUT',
    path: '/api/v1/orchestrator/jobs/:id/rerun',
    servedBy: 'orchestrator',
    summary: 'Run a job again, as a new version made from the latest or from one of the earlier ones.',
    body: z.looseObject({ JobVersion: z.number().int().nonnegative().default(0), Reason: text, Namespace: text }),
    answer: {
      kind: 'json',
      schema: z.looseObject({ JobID: z.string(), JobVersion: z.number(), EvaluationID: text, Warnings: z.array(z.string()).nullish() }),
    },
    errors: ['BadRequest'],
  },
  jobHistory: {
    method: 'GET',
    path: '/api/v1/orchestrator/jobs/:id/history',
    servedBy: 'orchestrator',
    summary: 'What happened to a job; a token comes with the last page for as long as more may happen.',
    query: z.object({
      namespace: optionalText,
      limit: goUint32,
      next_token: optionalText,
      since: goTimestamp('ListJobHistoryRequest.Since'),
      event_type: optionalText,
      execution_id: optionalText,
      job_version: goUint32,
      all_job_versions: goBool,
    }),
    answer: { kind: 'json', schema: page(jobHistorySchema) },
    errors: [...errors, 'BadRequest'],
  },
  jobExecutions: {
    method: 'GET',
    path: '/api/v1/orchestrator/jobs/:id/executions',
    servedBy: 'orchestrator',
    summary: 'Executions of a job.',
    query: z.object({
      namespace: optionalText,
      limit: goUint32,
      order_by: optionalText,
      reverse: goBool,
      job_version: goUint32,
      all_job_versions: goBool,
      next_token: optionalText,
    }),
    answer: { kind: 'json', schema: page(executionSchema) },
    errors,
  },
  jobVersions: {
    method: 'GET',
    path: '/api/v1/orchestrator/jobs/:id/versions',
    servedBy: 'orchestrator',
    summary: 'Every version of a job.',
    query: z.object({ namespace: optionalText }),
    answer: { kind: 'json', schema: page(jobSchema) },
    errors,
  },
  jobResults: {
    method: 'GET',
    path: '/api/v1/orchestrator/jobs/:id/results',
    servedBy: 'orchestrator',
    summary: 'Where the published results of a job are.',
    query: z.object({ namespace: optionalText }),
    answer: { kind: 'json', schema: page(specConfigSchema) },
    errors,
  },
  jobLogs: {
    method: 'GET',
    path: '/api/v1/orchestrator/jobs/:id/logs',
    servedBy: 'orchestrator',
    summary: 'What an execution of a job writes, as a WebSocket; failures are frames too.',
    query: z.object({
      namespace: optionalText,
      execution_id: optionalText,
      tail: goBool,
      follow: goBool,
      job_version: goUint32,
      all_job_versions: goBool,
    }),
    answer: { kind: 'websocket', schema: logFrameSchema },
  },
  previewJob: {
    method: 'POST',
    path: '/api/v1/shoal/jobs/preview',
    servedBy: 'orchestrator',
    summary: 'Which nodes suit a spec, and what rules each other one out; nothing is submitted.',
    body: submissionSchema,
    answer: { kind: 'json', schema: z.looseObject({ Nodes: z.array(placementSchema), Warnings: z.array(z.string()).nullish() }) },
  },
  deleteJob: {
    method: 'DELETE',
    path: '/api/v1/shoal/jobs/:id',
    servedBy: 'orchestrator',
    summary: 'Delete an ended job with its history for good.',
    query: z.object({ namespace: optionalText }),
    answer: { kind: 'json', schema: z.looseObject({ JobID: z.string() }) },
    errors: [...errors, 'ConflictJobState'],
  },
})
