import type { AppError } from '../../../shared/errors'
import type { Logger } from '../../log/logger'
import { portOwner } from '../../process/port-owner'
import { describeOwner, findFreePort, isPortFree, portTaken } from '../../process/ports'

const KEY = 'Publishers.Types.Local.Port'
/** A default port that is taken gives way to one of so many after it. */
export const RESULT_PORT_TRIES = 200

/** Why results cannot be handed out on a port: who has it, and one that is free. Undefined when nobody has. */
export async function whyTaken(port: number): Promise<AppError | undefined> {
  if (await isPortFree('0.0.0.0', port)) return undefined
  return portTaken(KEY, port, await portOwner(port), await findFreePort('0.0.0.0', port + 1, RESULT_PORT_TRIES))
}

/**
 * Says at the start of a node what would otherwise be seen with the first result: that another program has the port. `asked`: the port was set by
 * somebody, and is not given up for the next one. Never rejects.
 */
export async function warnOfTakenPort(port: number, asked: boolean, log: Logger): Promise<void> {
  try {
    const taken = port === 0 ? undefined : await whyTaken(port)
    if (taken === undefined) return
    if (asked)
      log.warn(`${taken.message} Jobs that publish results by this node are refused until it is free.`, {
        ...(taken.hint !== undefined && { hint: taken.hint }),
      })
    else log.info(`Port ${port} (${KEY}) is taken by ${describeOwner(await portOwner(port))}; results will be handed out on the next free one.`)
  } catch (error) {
    log.debug('The port for results could not be looked at.', { port, error })
  }
}
