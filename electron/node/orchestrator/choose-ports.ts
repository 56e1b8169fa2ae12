import type { Config } from '../../../shared/config/schema'
import { describeOwner, findFreePort, portTaken } from '../../process/ports'
import { portOwner } from '../../process/port-owner'

/** A port to listen on, and whether it may move when it is taken. */
export interface PortRequest {
  /** The configuration key, for messages. */
  readonly key: 'Orchestrator.Port' | 'Orchestrator.WebSocket.Port'
  /** What listens there, for the notice: `NATS`. */
  readonly what: string
  readonly host: string
  readonly port: number
  /** Somebody set it: then it is that one or none. */
  readonly asked: boolean
}

interface ChosenPort {
  readonly port: number
  /** Said to the person when a default port has moved. */
  readonly notice?: string
}

/** How far a default port may move. */
const TRIES = 200

/**
 * The port to use now. One that was asked for and is taken is an error that names its owner and a free one; a default one
 * that is taken gives way to the next free one, with a notice.
 * @param after only ports above this one: it was free a moment ago, and somebody took it
 * @throws AppError `port.taken`, `port.forbidden`, `address.not-here`
 */
export async function choosePort({ key, what, host, port, asked }: PortRequest, after?: number): Promise<ChosenPort> {
  const from = after === undefined ? port : after + 1
  const free = await findFreePort(host, from, asked ? 1 : TRIES)
  if (free !== undefined && (free === port || port === 0)) return { port: free }
  const owner = await portOwner(port)
  if (asked || free === undefined) throw portTaken(key, port, owner, free ?? (await findFreePort(host, port + 1, TRIES)))
  return { port: free, notice: `Port ${port} is taken by ${describeOwner(owner)}; ${what} listens on ${free}.` }
}

/** The listeners that an orchestrator's configuration asks for. */
export function portRequests(
  { Host, Port, WebSocket }: Config['Orchestrator'],
  asked: (key: string) => boolean,
): { readonly nats: PortRequest; readonly websocket?: PortRequest } {
  const nats: PortRequest = { key: 'Orchestrator.Port', what: 'NATS', host: Host, port: Port, asked: asked('Orchestrator.Port') && Port !== 0 }
  if (!WebSocket.Enabled) return { nats }
  const host = WebSocket.Host === '' ? Host : WebSocket.Host
  return {
    nats,
    websocket: {
      key: 'Orchestrator.WebSocket.Port',
      what: 'NATS over WebSocket',
      host,
      port: WebSocket.Port,
      asked: asked('Orchestrator.WebSocket.Port') && WebSocket.Port !== 0,
    },
  }
}
