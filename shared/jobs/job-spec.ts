import { z } from 'zod'

const text = z.string().optional()
const whole = z.int().optional()
const texts = z.record(z.string(), z.string().nullable()).optional()
const specConfig = z.object({ Type: text, Params: z.record(z.string(), z.unknown()).optional() })

const port = z.object({ Name: text, Static: whole, Target: whole, HostNetwork: text })
const input = z.object({ Source: specConfig.optional(), Alias: text, Target: text })
const result = z.object({ Name: text, Path: text })

const task = z.object({
  Name: text,
  Engine: specConfig.optional(),
  Publisher: specConfig.optional(),
  Env: texts,
  Meta: texts,
  InputSources: z.array(input).optional(),
  ResultPaths: z.array(result).optional(),
  Resources: z.object({ CPU: text, Memory: text, Disk: text, GPU: text }).optional(),
  Network: z.object({ Type: text, Domains: z.array(z.string()).optional(), Ports: z.array(port).optional() }).optional(),
  Timeouts: z.object({ ExecutionTimeout: whole, QueueTimeout: whole, TotalTimeout: whole }).optional(),
})

/** A job as people write it: every part may be missing. Unknown keys are dropped, as Bacalhau's server drops them. */
export const jobSpecSchema = z.object({
  ID: text,
  Name: text,
  Namespace: text,
  Type: text,
  Priority: whole,
  Count: whole,
  Constraints: z.array(z.object({ Key: text, Operator: text, Values: z.array(z.string()).optional() })).optional(),
  Meta: texts,
  Labels: texts,
  Tasks: z.array(task).optional(),
  State: z.object({ StateType: text, Message: text }).optional(),
  Version: whole,
  Revision: whole,
  CreateTime: z.number().optional(),
  ModifyTime: z.number().optional(),
})

/** A job as it was written, nothing filled in. */
export type JobSpec = z.infer<typeof jobSpecSchema>
/** The task of a job as it was written. */
export type TaskSpec = z.infer<typeof task>
/** What the task asks of the network, as written. */
export type NetworkSpec = NonNullable<TaskSpec['Network']>
/** What a job asks of a node’s labels, as written. */
export type ConstraintSpec = NonNullable<JobSpec['Constraints']>[number]
