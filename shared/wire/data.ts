import { z } from 'zod'
import { executionSchema, runCommandResultSchema, specConfigSchema } from './job'

const text = z.string().default('')

/** Something that has happened to a job or an execution (`models.Event`); `Timestamp` in RFC 3339. */
export const eventSchema = z.looseObject({
  Message: text,
  Topic: text,
  Timestamp: text,
  Details: z.record(z.string(), z.string()).nullish(),
})
const events = z.array(eventSchema).nullish()

/** What the orchestrator asks of a node. */
export const askForBidSchema = z.looseObject({ Events: events, Execution: executionSchema.nullish() })
/** To a node: run it. `Accepted` says the same once more. */
export const bidAcceptedSchema = z.looseObject({ Events: events, ExecutionID: text, Accepted: z.boolean().default(false) })
/** To a node: another one runs it. */
export const bidRejectedSchema = z.looseObject({ Events: events, ExecutionID: text })
/** To a node: end it, whatever state it is in. */
export const cancelExecutionSchema = z.looseObject({ Events: events, ExecutionID: text })

/** What a node tells. `JobID` and `JobType` must be the job's own: the orchestrator builds its next evaluation from them. */
const result = z.looseObject({ ExecutionID: text, JobID: text, JobType: text, Events: events })
/** From a node: whether it would run the execution. */
export const bidResultSchema = result.extend({ Accepted: z.boolean().default(false) })
/** From a node: the program has ended, also with an exit code that is not 0. */
export const runResultSchema = result.extend({ PublishResult: specConfigSchema.nullish(), RunCommandResult: runCommandResultSchema.nullish() })
/** From a node: it could not run the execution, or not to its end. */
export const computeErrorSchema = result

/** From a node: asks for an address in storage that the orchestrator manages. */
export const preSignUrlRequestSchema = z.looseObject({ Events: events, ExecutionID: text, JobID: text })
/** The address that was asked for; Shoal’s orchestrators have none. */
export const preSignUrlResponseSchema = z.looseObject({ JobType: text, Events: events, ExecutionID: text, JobID: text, PreSignedURL: text })
