import { z } from 'zod'
import { resourcesSchema } from '../models/resources'

const text = z.string().default('')
const texts = z.record(z.string(), z.string()).nullish()
/** Unix nanoseconds; beyond 2^53, so JSON.parse rounds it to some 256 ns: fit to be shown, not to be compared. */
const nanoseconds = z.number().default(0)
const count = z.number().int().default(0)

/** Any engine, publisher or source: `Type` is compared without case, `Params` belong to it. */
export const specConfigSchema = z.looseObject({ Type: text, Params: z.record(z.string(), z.unknown()).nullish() })

/** A task as Go writes it (`models.Task`): zero values may be missing or `null`. */
export const taskSchema = z.looseObject({
  Name: text,
  Engine: specConfigSchema.nullish(),
  Publisher: specConfigSchema.nullish(),
  Env: texts,
  Meta: texts,
  InputSources: z.array(z.looseObject({ Source: specConfigSchema.nullish(), Alias: text, Target: text })).nullish(),
  ResultPaths: z.array(z.looseObject({ Name: text, Path: text })).nullish(),
  Resources: z.looseObject({ CPU: text, Memory: text, Disk: text, GPU: text }).nullish(),
  Network: z.looseObject({ Type: text, Domains: z.array(z.string()).nullish() }).nullish(),
  /** Seconds. */
  Timeouts: z.looseObject({ ExecutionTimeout: count, QueueTimeout: count, TotalTimeout: count }).nullish(),
})

/** A job as Go writes it (`models.Job`); times are Unix nanoseconds. */
export const jobSchema = z.looseObject({
  ID: text,
  Name: text,
  Namespace: text,
  Type: text,
  Priority: count,
  Count: count,
  Constraints: z.array(z.looseObject({ Key: text, Operator: text, Values: z.array(z.string()).nullish() })).nullish(),
  Meta: texts,
  Labels: texts,
  Tasks: z.array(taskSchema.nullable()).nullish(),
  /** A job's state is a word, an execution's a number. */
  State: z.looseObject({ StateType: text, Message: text, Details: texts }).nullish(),
  Version: count,
  Revision: count,
  CreateTime: nanoseconds,
  ModifyTime: nanoseconds,
})

/** What a program has printed and how it ended (`models.RunCommandResult`). */
export const runCommandResultSchema = z.looseObject({
  Stdout: text,
  StdoutTruncated: z.boolean().default(false),
  /** Lower case on the wire, unlike its neighbours. */
  stderr: text,
  StderrTruncated: z.boolean().default(false),
  ExitCode: count,
  ErrorMsg: text,
})

const executionStateSchema = z.looseObject({ StateType: count, Message: text, Details: texts }).nullish()

/** An execution as Go writes it (`models.Execution`); its job comes along. */
export const executionSchema = z.looseObject({
  ID: text,
  Namespace: text,
  EvalID: text,
  Name: text,
  NodeID: text,
  JobID: text,
  Job: jobSchema.nullish(),
  JobVersion: count,
  AllocatedResources: z.looseObject({ Tasks: z.record(z.string(), resourcesSchema.nullable()).nullish() }).nullish(),
  /** 0 pending, 1 running, 2 stopped. */
  DesiredState: executionStateSchema,
  /** 0 undefined, 1 new … 11 cancelled (`pkg/models/execution.go`). */
  ComputeState: executionStateSchema,
  PublishedResult: specConfigSchema.nullish(),
  RunOutput: runCommandResultSchema.nullish(),
  PreviousExecution: text,
  NextExecution: text,
  FollowupEvalID: text,
  PartitionIndex: count,
  Revision: count,
  CreateTime: nanoseconds,
  ModifyTime: nanoseconds,
})
