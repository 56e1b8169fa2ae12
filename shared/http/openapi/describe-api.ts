import { z } from 'zod'
import type { JsonSchema } from '../../json-schema'
import { shoalVersion } from '../../shoal-version'
import { statusOf } from '../error-status'
import { queryKinds } from '../go-query'
import type { Route } from '../route'
import { routes } from '../routes'
import { makeComponents, refTo } from './components'
import type { Components } from './components'
import { pathWords, queryWords } from './parameter-words'

/** An OpenAPI 3.1 document, as plain data. */
interface ApiDescription extends JsonSchema {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>>; readonly responses: Readonly<Record<string, JsonSchema>> }
}

const about = `The HTTP API of a Shoal node. Routes outside of /api/v1/shoal are Bacalhau's, for its clients; those below it are Shoal's own.

Only 200 is success. Times are RFC 3339 unless they say otherwise. In bodies keys are read in any case and unknown ones are ignored; answers may
hold more than is told here. \`?pretty\` indents any JSON answer. Every route may answer 400 (query or body cannot be read), 403 (called from a
foreign web page, or by a client older than 1.4.0), 413 (body too large) and 503 (took too long, as text).`

/**
 * The API of a node as an OpenAPI document, made from the route table; the same each time.
 * @param servedBy `every-node`: what a node that is no orchestrator serves; `orchestrator`: everything
 */
export function describeApi(servedBy: Route['servedBy']): ApiDescription {
  const served = Object.entries<Route>(routes).filter(([, route]) => servedBy === 'orchestrator' || route.servedBy === 'every-node')
  const components = makeComponents(Object.fromEntries(served))
  const paths: Record<string, Record<string, JsonSchema>> = {}
  for (const [name, route] of served) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describeRoute(name, route, components) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Shoal', version: shoalVersion, description: about, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    components: { schemas: withWhatTheyName(components.schemas, paths), responses: { Error: errorResponse('Any other fault.') } },
  }
}

const tags = {
  agent: 'The node itself.',
  auth: 'Signing in.',
  jobs: 'Jobs, their executions, history, results and logs.',
  nodes: 'Nodes that the orchestrator knows.',
  shoal: 'What only Shoal has.',
} as const

function tagOf(path: string): keyof typeof tags {
  if (path.startsWith('/api/v1/orchestrator/jobs')) return 'jobs'
  if (path.startsWith('/api/v1/orchestrator/nodes')) return 'nodes'
  if (path.startsWith('/api/v1/auth')) return 'auth'
  return path.startsWith('/api/v1/shoal/') ? 'shoal' : 'agent'
}

function describeRoute(name: string, route: Route, components: Components): JsonSchema {
  const parameters = [...pathParameters(route.path), ...queryParameters(name, route.query), ...ownHeaders(route)]
  const body = route.body === undefined ? undefined : { required: isRequired(route.body), content: jsonContent(components.refTo(route.body)) }
  return {
    operationId: name,
    summary: route.summary,
    tags: [tagOf(route.path)],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: { ...answers(route, components), ...faults(route), default: { $ref: '#/components/responses/Error' } },
  }
}

/** A body without which the route has nothing to do. */
function isRequired(body: z.ZodType): boolean {
  return body instanceof z.ZodObject && Object.hasOwn(body.shape, 'Job')
}

const jsonContent = (schema: JsonSchema): JsonSchema => ({ 'application/json': { schema } })
const errorResponse = (description: string): JsonSchema => ({ description, content: jsonContent(refTo('Error')) })

function answers({ answer }: Route, components: Components): JsonSchema {
  switch (answer.kind) {
    case 'json':
      return { 200: { description: 'Done.', content: jsonContent(components.refTo(answer.schema)) } }
    case 'redirect':
      return { 301: { description: 'Elsewhere.', headers: { Location: { schema: { type: 'string', const: answer.to } } } } }
    case 'events':
      return {
        200: {
          description:
            'Server-sent events without end. The data of each is JSON of the schema in x-event-data, its event is the kind, its id goes into Last-Event-ID.',
          content: { 'text/event-stream': { schema: { type: 'string' } } },
          'x-event-data': components.refTo(answer.schema),
        },
      }
    case 'websocket':
      return {
        101: {
          description:
            'A WebSocket. The server sends text frames, each JSON of the schema in x-frame-data with a newline at its end, then closes with 1000. Faults are frames, too. The client sends nothing.',
          'x-frame-data': components.refTo(answer.schema),
        },
        400: errorResponse('The request asks for no WebSocket.'),
      }
  }
}

/** The route's own errors, by status. */
function faults({ errors = [] }: Route): JsonSchema {
  const statuses = [...new Set(errors.map(statusOf))].sort((a, b) => a - b)
  return Object.fromEntries(
    statuses.map((status) => [status, errorResponse(`Code ${errors.filter((code) => statusOf(code) === status).join(' or ')}.`)]),
  )
}

function pathParameters(path: string): JsonSchema[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => {
    const words = pathWords.find(([beginning]) => path.startsWith(beginning))?.[1]
    return { name, in: 'path', required: true, ...explained(words), schema: { type: 'string' } }
  })
}

function queryParameters(route: string, query: z.ZodType | undefined): JsonSchema[] {
  if (!(query instanceof z.ZodObject)) return []
  return Object.entries<z.core.$ZodType>(query.shape).map(([name, schema]) => {
    return { name, in: 'query', ...explained(queryWords[`${route}.${name}`] ?? queryWords[name]), schema: querySchema(name, schema) }
  })
}

/** A parameter without words is still a parameter; a test asks for the words. */
function explained(description: string | undefined): JsonSchema {
  return description === undefined ? {} : { description }
}

function querySchema(name: string, schema: z.core.$ZodType): JsonSchema {
  switch (queryKinds.get(schema)?.kind) {
    case 'boolean':
      return { type: 'boolean', default: false }
    case 'uint32':
      return { type: 'integer', minimum: 0, maximum: 0xffff_ffff, default: 0 }
    case 'timestamp':
      return { type: 'integer', minimum: 0, default: 0 }
    default:
      return name === 'labels' ? { type: 'array', items: { type: 'string' } } : { type: 'string' }
  }
}

function ownHeaders({ answer }: Route): JsonSchema[] {
  if (answer.kind !== 'events') return []
  const description = 'Id of the last event that was read: the stream goes on after it where it still can, and else begins with a snapshot.'
  return [{ name: 'Last-Event-ID', in: 'header', description, schema: { type: 'string' } }]
}

/** Those schemas that the paths name, and those that they name in turn. */
function withWhatTheyName(schemas: Components['schemas'], paths: object): Record<string, JsonSchema> {
  const needed = new Set(['Error'])
  const visit = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (needed.has(name)) continue
      needed.add(name)
      visit(schemas[name])
    }
  }
  visit(paths)
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => needed.has(name)))
}
