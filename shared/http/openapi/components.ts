import { z } from 'zod'
import { jobJsonSchema } from '../../jobs/job-json-schema'
import { isSchema, withoutDoubleBounds } from '../../json-schema'
import type { JsonSchema } from '../../json-schema'
import { buildVersionSchema, computeNodeInfoSchema, connectionStateSchema, nodeInfoSchema, nodeStateSchema } from '../../models/node'
import { nodeRowSchema } from '../../models/node-row'
import { gpuSchema, resourcesSchema } from '../../models/resources'
import { eventSchema } from '../../wire/data'
import { executionSchema, jobSchema, runCommandResultSchema, specConfigSchema, taskSchema } from '../../wire/job'
import { feedEventSchema, feedSnapshotSchema, orchestratorFactsSchema, refusalSchema, revisionSchema } from '../feed'
import { jobHistorySchema, logFrameSchema, placementSchema, submissionSchema } from '../job-routes'
import type { Route } from '../route'
import { nodeActionSchema, nodeConnectionSchema } from '../routes'
import { answerWords } from './parameter-words'

/** Schemas with a name of their own; those of single routes are named after their route. */
const named: Readonly<Record<string, z.ZodType>> = {
  BuildVersion: buildVersionSchema,
  ComputeNodeInfo: computeNodeInfoSchema,
  ConnectionState: connectionStateSchema,
  Event: eventSchema,
  Execution: executionSchema,
  FeedEvent: feedEventSchema,
  FeedSnapshot: feedSnapshotSchema,
  Gpu: gpuSchema,
  Job: jobSchema,
  JobHistory: jobHistorySchema,
  LogFrame: logFrameSchema,
  NodeAction: nodeActionSchema,
  NodeConnection: nodeConnectionSchema,
  NodeInfo: nodeInfoSchema,
  NodeRow: nodeRowSchema,
  NodeState: nodeStateSchema,
  OrchestratorFacts: orchestratorFactsSchema,
  Placement: placementSchema,
  Refusal: refusalSchema,
  Resources: resourcesSchema,
  Revision: revisionSchema,
  RunOutput: runCommandResultSchema,
  SpecConfig: specConfigSchema,
  Submission: submissionSchema,
  Task: taskSchema,
}

/** The JSON of every reply that is not 200 (`electron/http/reply/api-error.ts`). */
const errorSchema: JsonSchema = {
  type: 'object',
  description: 'Why a request was not met.',
  properties: {
    Status: { type: 'integer', description: 'The HTTP status.' },
    Message: { type: 'string', description: 'What went wrong.' },
    RequestID: { type: 'string', description: 'The X-Request-Id of the request; empty where it had none.' },
    Code: { type: 'string', description: 'One of Bacalhau’s error codes; empty for some.' },
    Component: { type: 'string', description: 'What found it.' },
    Hint: { type: 'string', description: 'What to do about it.' },
    Details: { type: 'object', additionalProperties: { type: 'string' } },
  },
  required: ['Status', 'Message', 'RequestID', 'Code', 'Component'],
}

/** The schemas of an API description. */
export interface Components {
  readonly schemas: Readonly<Record<string, JsonSchema>>
  /** Where a route's schema is. */
  readonly refTo: (schema: z.ZodType) => JsonSchema
}

/** A reference to a schema by its name. */
export const refTo = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` })

/** Everything that the routes' bodies and answers are made of. A schema is named only once: the same one is the same component. */
export function makeComponents(routes: Readonly<Record<string, Route>>): Components {
  const names = new Map<z.ZodType, string>(Object.entries(named).map(([name, schema]) => [schema, name]))
  for (const [name, { body, answer }] of Object.entries(routes)) {
    const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`
    if (body !== undefined && !names.has(body)) names.set(body, `${title}Body`)
    if (answer.kind !== 'redirect' && !names.has(answer.schema)) names.set(answer.schema, `${title}Answer`)
  }
  const registry = z.registry<{ readonly id: string }>()
  for (const [schema, id] of names) registry.add(schema, { id })
  const made = withoutDoubleBounds(
    z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}`, io: 'input', target: 'draft-2020-12' }).schemas,
  )
  if (!isSchema(made)) throw new Error('The routes have no JSON Schema.')
  const { $schema: _, ...job } = jobJsonSchema('api')
  const schemas = Object.entries({ ...made, JobSpec: job, Error: errorSchema }).map(([name, schema]) => [name, component(name, schema)] as const)
  return {
    schemas: Object.fromEntries(schemas.sort(([a], [b]) => (a < b ? -1 : 1))),
    refTo: (schema) => refTo(names.get(schema) ?? ''),
  }
}

/** A schema as a component: without what only a document of its own has, and with our words. */
function component(name: string, schema: unknown): JsonSchema {
  if (!isSchema(schema)) throw new Error(`${name} is no schema`)
  const { $schema: _schema, $id: _id, id: _ownId, ...rest } = schema
  const described = isSchema(rest['properties']) ? { ...rest, properties: describeAll(name, rest['properties']) } : rest
  return name === 'Submission' ? { ...described, required: ['Job'] } : described
}

function describeAll(name: string, properties: JsonSchema): JsonSchema {
  return Object.fromEntries(
    Object.entries(properties).map(([key, schema]) => {
      // A submitted job is read by rules of its own: the route table only passes it on.
      if (name === 'Submission' && key === 'Job') return [key, refTo('JobSpec')]
      const description = answerWords[`${name}.${key}`]
      return [key, isSchema(schema) && description !== undefined ? { ...schema, description } : schema]
    }),
  )
}
