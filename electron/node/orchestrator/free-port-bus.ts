import { AppError } from '../../../shared/errors'
import type { Config } from '../../../shared/config/schema'
import { startBus, type Bus, type BusOptions } from './bus'
import { choosePort, portRequests } from './choose-ports'
import type { HostPaths } from '../host-paths'
import { listeningHost, tokensOf } from './nats-place'
import type { Steps } from '../report-steps'

/** What a bus is started with whose ports are chosen here. */
interface BusStart extends Pick<BusOptions, 'nodeId' | 'binary' | 'runDir' | 'storeDir' | 'tls' | 'clock' | 'random' | 'log'> {
  readonly config: Config
  /** Whether a key was set by anybody: only default ports give way. */
  readonly asked: (key: string) => boolean
  readonly paths: Pick<HostPaths, 'gateWorker'>
  readonly steps: Steps
}

/** So often a default port that was free a moment ago may be taken by somebody else before the server has it. */
const PORT_RACES = 5

/** Between the look whether a port is free and the server's start somebody may take it; for a default port that is no error. */
export async function startBusOnFreePorts(options: BusStart): Promise<{ readonly bus: Bus; readonly notices: readonly string[] }> {
  const { config, steps } = options
  const { Advertise, Auth, WebSocket, SupportReverseProxy } = config.Orchestrator
  const host = listeningHost(config)
  const requests = portRequests({ ...config.Orchestrator, Host: host }, options.asked)
  let after: { nats?: number; websocket?: number } = {}
  for (let race = 1; ; race += 1) {
    const chosen = await steps.run(
      'ports',
      async () => {
        const nats = await choosePort(requests.nats, after.nats)
        const websocket = requests.websocket === undefined ? undefined : await choosePort(requests.websocket, after.websocket)
        return { nats, websocket }
      },
      ({ nats, websocket }) => [`${nats.port} NATS`, ...(websocket === undefined ? [] : [`${websocket.port} WebSocket`])].join(', '),
    )
    const { nats, websocket } = chosen
    try {
      const bus = await steps.run(
        'nats-server',
        () =>
          startBus({
            ...options,
            gateWorker: options.paths.gateWorker,
            host,
            port: nats.port,
            advertise: Advertise,
            websocket:
              websocket === undefined || requests.websocket === undefined
                ? undefined
                : { host: requests.websocket.host, port: websocket.port, advertise: WebSocket.Advertise },
            supportReverseProxy: SupportReverseProxy,
            tokens: tokensOf(Auth.Token),
          }),
        ({ server }) => `${server.version}, pid ${server.pid}`,
      )
      return { bus, notices: [nats.notice, websocket?.notice].filter((notice) => notice !== undefined) }
    } catch (error) {
      const lost = error instanceof AppError && error.code === 'port.taken' ? error.details?.['key'] : undefined
      if (race >= PORT_RACES || lost === undefined) throw error
      if (lost === requests.nats.key && !requests.nats.asked) after = { ...after, nats: nats.port }
      else if (lost === requests.websocket?.key && !requests.websocket.asked && websocket !== undefined)
        after = { ...after, websocket: websocket.port }
      else throw error
    }
  }
}
