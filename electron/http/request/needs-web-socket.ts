import type { Route } from '../../../shared/http/route'
import { ApiError } from '../reply/api-error'

/** For a request that came without the upgrade, or with another protocol. */
export function needsWebSocket(route: Pick<Route, 'path'>): ApiError {
  return new ApiError('BadRequest', `${route.path} is a WebSocket; this request asks for none.`, {
    hint: 'Connect with a WebSocket client (ws://…), or use `shoal job logs`.',
  })
}
