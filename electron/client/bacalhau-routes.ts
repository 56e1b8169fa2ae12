import { z } from 'zod'
import { defineRoutes } from '../../shared/http/route'

/** What of a job is shown in a list. Times are nanoseconds since 1970. */
export const listedJobSchema = z.looseObject({
  ID: z.string(),
  Name: z.string().default(''),
  Type: z.string().default(''),
  CreateTime: z.number().default(0),
  Tasks: z.array(z.looseObject({ Engine: z.looseObject({ Type: z.string().default('') }).nullish() }).nullable()).nullish(),
  State: z.looseObject({ StateType: z.string().default('') }).nullish(),
})
export type ListedJob = z.infer<typeof listedJobSchema>

const text = z.string().optional()

/** Routes of Bacalhau's orchestrators that ours do not serve in this version: the client knows them all the same. */
export const bacalhauRoutes = defineRoutes({
  listJobs: {
    method: 'GET',
    path: '/api/v1/orchestrator/jobs',
    servedBy: 'orchestrator',
    summary: 'Jobs, oldest first.',
    query: z.object({ labels: z.array(z.string()).optional(), limit: text, next_token: text, order_by: text, reverse: text }),
    answer: { kind: 'json', schema: z.looseObject({ NextToken: z.string().default(''), Items: z.array(listedJobSchema).nullish() }) },
  },
})
