import type { z } from 'zod'
import type { Route } from '../../shared/http/route'
import type { RouteName, routes } from '../../shared/http/routes'
import type { EventStream } from './reply/event-stream'
import type { JsonText } from './reply/json-text'
import type { TextSocket } from './reply/text-socket'

type Names<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | Names<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never

/** What a handler is given: everything already checked against the route table. */
interface RouteRequest<R extends Route> {
  /** Values of the path's `:name` parts, decoded; never empty. */
  readonly params: { readonly [Name in Names<R['path']>]: string }
  readonly query: R extends { readonly query: infer Query extends z.ZodType } ? z.output<Query> : undefined
  readonly body: R extends { readonly body: infer Body extends z.ZodType } ? z.output<Body> : undefined
  readonly header: (name: string) => string | undefined
  /** Aborted when the client is gone, the server stops or the handler took too long. */
  readonly signal: AbortSignal
}

type AnswerOf<R extends Route> = R extends { readonly answer: { readonly kind: 'json'; readonly schema: infer Schema extends z.ZodType } }
  ? z.input<Schema>
  : never

type Answer<R extends Route> = AnswerOf<R> | JsonText<AnswerOf<R>>

/**
 * A route's handler. It returns the answer, which goes out as it is, or throws: an `ApiError` or `AppError` is told to the client,
 * anything else is a bug and told as `Internal server error`.
 */
type RouteHandler<R extends Route> = R extends { readonly answer: { readonly kind: 'events' } }
  ? (request: RouteRequest<R>, stream: EventStream) => void | Promise<void>
  : R extends { readonly answer: { readonly kind: 'websocket' } }
    ? (request: RouteRequest<R>, socket: TextSocket) => void | Promise<void>
    : (request: RouteRequest<R>) => Answer<R> | Promise<Answer<R>>

type Table = typeof routes

/** Which routes a node has to serve; redirects need no handler. */
type HandledRoute<Role extends Route['servedBy']> = {
  [Name in RouteName]: Table[Name]['answer'] extends { readonly kind: 'redirect' } ? never : Table[Name]['servedBy'] extends Role ? Name : never
}[RouteName]

/** Which nodes serve a route. */
export type ServedBy = 'every-node' | 'orchestrator'

/**
 * One handler for each route. `every-node`: the routes of a node that is no orchestrator; `orchestrator`: all routes.
 * A route that is missing here does not compile.
 */
export type RouteHandlers<Role extends ServedBy> = {
  readonly [Name in HandledRoute<Role extends 'orchestrator' ? ServedBy : 'every-node'>]: RouteHandler<Table[Name]>
}

/** Handlers for some of the routes, to be joined with others. */
export type HandlersFor<Name extends HandledRoute<ServedBy>> = { readonly [N in Name]: RouteHandler<Table[N]> }
