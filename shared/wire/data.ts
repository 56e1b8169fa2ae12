import { z } from 'zod'
import { executionSchema, runCommandResultSchema, specConfigSchema } from './job'

const text = z.string().default('')

export const eventSchema = z.looseObject({
  Message: text,
  Topic: text,
  Timestamp: text,
  Details: z.record(z.string(), z.string()).nullish(),
})
const events = z.array(eventSchema).nullish()

/** What the orchestrator asks of a node. */
export const askForBidSchema = z.looseObject({ Events: events, Execution: executionSchema.nullish() })
export const bidAcceptedSchema = z.looseObject({ Events: events, ExecutionID: text, Accepted: z.boolean().default(false) })
export const bidRejectedSchema = z.looseObject({ Events: events, ExecutionID: text })
export const cancelExecutionSchema = z.looseObject({ Events: events, ExecutionID: text })

/** What a node tells. `JobID` and `JobType` must be the job's own: the orchestrator builds its next evaluation from them. */
const result = z.looseObject({ ExecutionID: text, JobID: text, JobType: text, Events: events })
export const bidResultSchema = result.extend({ Accepted: z.boolean().default(false) })
export const runResultSchema = result.extend({ PublishResult: specConfigSchema.nullish(), RunCommandResult: runCommandResultSchema.nullish() })
export const computeErrorSchema = result

export const preSignUrlRequestSchema = z.looseObject({ Events: events, ExecutionID: text, JobID: text })
export const preSignUrlResponseSchema = z.looseObject({ JobType: text, Events: events, ExecutionID: text, JobID: text, PreSignedURL: text })
