/** Limits of the HTTP server. Bytes and milliseconds. */
export interface ApiLimits {
  readonly maxBodyBytes: number
  /** Time for a request's headers, for all of a request, for its handler, and for a client to take any of its answer. */
  readonly headersMs: number
  readonly requestMs: number
  readonly handlerMs: number
  readonly writeMs: number
  /** What may wait for a slow reader of events, beside the largest event it was sent. */
  readonly maxStreamBuffer: number
  /** Between two comments on a stream of events. */
  readonly commentMs: number
}

/** Bacalhau's limits, and ours for event streams. */
export const defaultLimits: ApiLimits = {
  maxBodyBytes: 10_000_000,
  headersMs: 5000,
  requestMs: 20_000,
  handlerMs: 30_000,
  writeMs: 45_000,
  maxStreamBuffer: 1 << 20,
  commentMs: 15_000,
}
