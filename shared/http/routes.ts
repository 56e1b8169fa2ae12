import { z } from 'zod'
import { buildVersionSchema, nodeInfoSchema, nodeStateSchema } from '../models/node'
import { nodeRowSchema } from '../models/node-row'
import { feedEventSchema, feedSnapshotSchema } from './feed'
import { goBool, goUint32 } from './go-query'
import { jobRoutes } from './job-routes'
import { defineRoutes } from './route'

export { goBool, goUint32 }

const text = z.string().optional()
/** Body of `PUT /api/v1/orchestrator/nodes/:id`. */
export const nodeActionSchema = z.looseObject({ Action: z.string().default(''), Message: z.string().default(''), NodeID: z.string().default('') })

/** State of a compute role's connection to its orchestrator, as the node itself knows it. */
export const computeConnectionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connecting'), since: z.number(), address: z.string() }),
  z.object({ kind: z.literal('connected'), since: z.number(), address: z.string(), serverName: z.string(), lastHeartbeatAt: z.number().optional() }),
  /** Tried again at `nextTryAt`. `code`: `nats.refused` (token), `nats.unreachable`, `handshake.rejected`, … */
  z.object({
    kind: z.literal('waiting'),
    since: z.number(),
    nextTryAt: z.number(),
    attempt: z.number(),
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
  }),
  z.object({ kind: z.literal('stopped') }),
])
/** Times are Unix milliseconds, addresses without tokens. */
export type ComputeConnection = z.infer<typeof computeConnectionSchema>

/** Answer of `GET /api/v1/shoal/connection`. */
export const nodeConnectionSchema = z.object({
  connection: computeConnectionSchema,
  /** Addresses from the configuration, then those learnt from NATS gossip; without tokens. */
  orchestrators: z.array(z.object({ address: z.string(), source: z.enum(['configured', 'gossip']), current: z.boolean() })),
})
/** How a compute node stands to its orchestrator, and where it could go. */
export type NodeConnection = z.infer<typeof nodeConnectionSchema>

/** Every route that Shoal's nodes serve. Bacalhau's keep Bacalhau's shapes; Shoal's own stand under `/api/v1/shoal/`. */
export const routes = defineRoutes({
  root: {
    method: 'GET',
    path: '/',
    servedBy: 'every-node',
    summary: 'Where the version is told.',
    answer: { kind: 'redirect', to: '/api/v1/agent/version' },
  },
  rootVersion: {
    method: 'GET',
    path: '/version',
    servedBy: 'every-node',
    summary: 'Where the version is told.',
    answer: { kind: 'redirect', to: '/api/v1/agent/version' },
  },
  livez: {
    method: 'GET',
    path: '/livez',
    servedBy: 'every-node',
    summary: 'Where the node says that it lives.',
    answer: { kind: 'redirect', to: '/api/v1/agent/alive' },
  },
  agentAlive: {
    method: 'GET',
    path: '/api/v1/agent/alive',
    servedBy: 'every-node',
    summary: 'Whether the node lives.',
    answer: { kind: 'json', schema: z.looseObject({ Status: z.string() }) },
  },
  agentVersion: {
    method: 'GET',
    path: '/api/v1/agent/version',
    servedBy: 'every-node',
    summary: 'The Bacalhau version that this node is compatible with.',
    answer: { kind: 'json', schema: buildVersionSchema },
  },
  agentNode: {
    method: 'GET',
    path: '/api/v1/agent/node',
    servedBy: 'every-node',
    summary: 'What this node says of itself.',
    answer: { kind: 'json', schema: nodeInfoSchema },
  },
  agentConfig: {
    method: 'GET',
    path: '/api/v1/agent/config',
    servedBy: 'every-node',
    summary: 'The effective configuration, secrets masked.',
    answer: { kind: 'json', schema: z.looseObject({ config: z.looseObject({}) }) },
  },
  agentAuthConfig: {
    method: 'GET',
    path: '/api/v1/agent/authconfig',
    servedBy: 'every-node',
    summary: 'How a client signs in.',
    answer: { kind: 'json', schema: z.looseObject({ Version: z.string() }) },
  },
  authMethods: {
    method: 'GET',
    path: '/api/v1/auth',
    servedBy: 'orchestrator',
    summary: 'Ways to sign in; an open API offers a challenge that anybody passes.',
    answer: { kind: 'json', schema: z.looseObject({ Methods: z.record(z.string(), z.unknown()) }) },
  },
  authMethod: {
    method: 'GET',
    path: '/api/v1/auth/:method',
    servedBy: 'orchestrator',
    summary: 'One way to sign in.',
    answer: { kind: 'json', schema: z.looseObject({ type: z.string() }) },
    errors: ['NotFound'],
  },
  authenticate: {
    method: 'POST',
    path: '/api/v1/auth/:method',
    servedBy: 'orchestrator',
    summary: 'Sign in.',
    body: z.looseObject({ Name: z.string().default(''), MethodData: z.string().default('') }),
    answer: { kind: 'json', schema: z.looseObject({ Authentication: z.looseObject({ success: z.boolean(), token: text }) }) },
    errors: ['NotFound'],
  },
  listNodes: {
    method: 'GET',
    path: '/api/v1/orchestrator/nodes',
    servedBy: 'orchestrator',
    summary: 'All nodes that the orchestrator knows, itself included.',
    query: z.object({
      labels: z.union([z.string(), z.array(z.string())]).optional(),
      'filter-approval': text,
      'filter-status': text,
      order_by: text,
      reverse: goBool,
      limit: goUint32,
      next_token: text,
    }),
    answer: { kind: 'json', schema: z.looseObject({ NextToken: z.string().default(''), Nodes: z.array(nodeStateSchema).nullish() }) },
    errors: ['BadRequest'],
  },
  getNode: {
    method: 'GET',
    path: '/api/v1/orchestrator/nodes/:id',
    servedBy: 'orchestrator',
    summary: 'One node by its id or a prefix of it.',
    answer: { kind: 'json', schema: z.looseObject({ Node: nodeStateSchema }) },
    errors: ['NotFound', 'MultipleNodesFound'],
  },
  updateNode: {
    method: 'PUT',
    path: '/api/v1/orchestrator/nodes/:id',
    servedBy: 'orchestrator',
    summary: 'Approve, reject or delete a node.',
    body: nodeActionSchema,
    answer: { kind: 'json', schema: z.looseObject({ Success: z.boolean(), Error: text }) },
    errors: ['NotFound', 'MultipleNodesFound', 'ConflictNodeState'],
  },
  shoalNodes: {
    method: 'GET',
    path: '/api/v1/shoal/nodes',
    servedBy: 'orchestrator',
    summary: 'The feed as it stands: nodes with both truths, and the orchestrator’s own facts.',
    answer: { kind: 'json', schema: feedSnapshotSchema },
  },
  shoalNode: {
    method: 'GET',
    path: '/api/v1/shoal/nodes/:id',
    servedBy: 'orchestrator',
    summary: 'One node with both truths and its work, by its id or a prefix of it.',
    answer: { kind: 'json', schema: nodeRowSchema },
    errors: ['NotFound', 'MultipleNodesFound'],
  },
  shoalEvents: {
    method: 'GET',
    path: '/api/v1/shoal/events',
    servedBy: 'orchestrator',
    summary: 'Changes of the feed, as server-sent events.',
    answer: { kind: 'events', schema: feedEventSchema },
  },
  shoalConnection: {
    method: 'GET',
    path: '/api/v1/shoal/connection',
    servedBy: 'every-node',
    summary: 'This node’s way to its orchestrators.',
    answer: { kind: 'json', schema: nodeConnectionSchema },
  },
  apiDescription: {
    method: 'GET',
    path: '/api/v1/shoal/openapi.json',
    servedBy: 'every-node',
    summary: 'What this node serves, as an OpenAPI document.',
    answer: { kind: 'json', schema: z.looseObject({ openapi: z.string() }) },
  },
  jobJsonSchema: {
    method: 'GET',
    path: '/api/v1/shoal/job-schema.json',
    servedBy: 'every-node',
    summary: 'The JSON Schema of a job as people write it, for editors.',
    answer: { kind: 'json', schema: z.looseObject({}) },
  },
  ...jobRoutes,
})

/** Name of a route; the client calls it by that. */
export type RouteName = keyof typeof routes
