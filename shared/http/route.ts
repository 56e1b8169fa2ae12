import type { z } from 'zod'

/** Methods that the API uses; HEAD is answered as GET. */
export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'

/**
 * One route of the HTTP API. `:name` in `path` is a parameter. What a `kind` answers:
 * `json` the reply schema; `events` a stream of server-sent events; `websocket` JSON texts of the schema, one a frame; `redirect` a 301 to `to`.
 */
export interface Route {
  readonly method: Method
  readonly path: string
  /** Which nodes serve it. */
  readonly servedBy: 'every-node' | 'orchestrator'
  readonly summary: string
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly answer:
    | { readonly kind: 'json'; readonly schema: z.ZodType }
    | { readonly kind: 'events'; readonly schema: z.ZodType }
    | { readonly kind: 'websocket'; readonly schema: z.ZodType }
    | { readonly kind: 'redirect'; readonly to: string }
  /** Codes of errors that the route itself gives, beside those every route may give. */
  readonly errors?: readonly string[]
}

/** Keeps each route’s own types; a route that is none does not compile. */
export function defineRoutes<const T extends Record<string, Route>>(routes: T): T {
  return routes
}
