import { z } from 'zod'

/** Payload of a `BacError` reply; all keys are always sent. `HTTPStatusCode` is 0 unless the error sets one of its own. */
export const bacErrorSchema = z.looseObject({
  Cause: z.string().default(''),
  Hint: z.string().default(''),
  Retryable: z.boolean().default(false),
  FailsExecution: z.boolean().default(false),
  Component: z.string().default(''),
  HTTPStatusCode: z.number().int().default(0),
  Details: z.record(z.string(), z.string()).nullish(),
  Code: z.string().default(''),
})
/** Bacalhau’s error (`bacerrors`), as it stands in replies of NCL. */
export type BacError = z.infer<typeof bacErrorSchema>

/** Status that Bacalhau infers from a code (`pkg/bacerrors/error.go`). */
const inferredStatus: Readonly<Record<string, number>> = {
  BadRequest: 400,
  ValidationError: 400,
  NotFound: 404,
  Unauthorized: 401,
  Forbidden: 403,
  ServiceUnavailable: 503,
  NotImplemented: 501,
  ResourceExhausted: 429,
  ResourceInUse: 409,
}

/** What Bacalhau says with a code beyond its text (`pkg/orchestrator/nodes/errors.go`; `Component` as recorded). */
const ownFacts: Readonly<Record<string, { readonly status: number; readonly retryable: boolean; readonly component: string }>> = {
  HandshakeRequired: { status: 428, retryable: true, component: 'ConnectionManager' },
  ConcurrentUpdate: { status: 409, retryable: true, component: 'NodesManager' },
  ConflictNodeState: { status: 409, retryable: false, component: 'NodesManager' },
  MultipleNodesFound: { status: 409, retryable: false, component: 'NodesManager' },
}

interface BacErrorFacts {
  /** The HTTP status of the error. */
  readonly status: number
  /** The status that the error sets itself, 0 when it is inferred from the code. */
  readonly explicitStatus: number
  readonly retryable: boolean
  readonly component: string
}

/** How Bacalhau tells an error with this code. */
export function bacErrorFacts(code: string): BacErrorFacts {
  const own = Object.hasOwn(ownFacts, code) ? ownFacts[code] : undefined
  const inferred = Object.hasOwn(inferredStatus, code) ? inferredStatus[code] : undefined
  return {
    status: own?.status ?? inferred ?? 500,
    explicitStatus: own?.status ?? 0,
    retryable: own?.retryable ?? false,
    component: own?.component ?? 'Bacalhau',
  }
}
