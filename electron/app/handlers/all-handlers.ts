import type { Handlers } from '../../../shared/ipc'
import { accessHandlers } from './access-handlers'
import { appHandlers } from './app-handlers'
import { clusterHandlers } from './cluster-handlers'
import { configHandlers } from './config-handlers'
import type { HandlerContext } from './handler-context'
import { logHandlers } from './log-handlers'
import { nodeHandlers } from './node-handlers'
import { shareHandlers } from './share-handlers'

/** One handler for every command of the contract: a missing one does not compile. */
export function createHandlers(context: HandlerContext): Handlers {
  return {
    ...appHandlers(context),
    ...clusterHandlers(context),
    ...nodeHandlers(context),
    ...accessHandlers(context),
    ...shareHandlers(context),
    ...configHandlers(context),
    ...logHandlers(context),
  }
}
