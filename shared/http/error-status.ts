const statuses = new Map<string, number>([
  ['BadRequest', 400],
  ['ValidationError', 400],
  ['Unauthorized', 401],
  ['Forbidden', 403],
  ['NotFound', 404],
  ['ResourceInUse', 409],
  ['MultipleNodesFound', 409],
  ['ConflictNodeState', 409],
  ['ResourceExhausted', 429],
  ['TooManyRequests', 429],
  ['NotImplemented', 501],
  ['ServiceUnavailable', 503],
])

/** HTTP status of one of Bacalhau's error codes; 500 for any other, as in Bacalhau. */
export function statusOf(code: string): number {
  return statuses.get(code) ?? 500
}
