import { networkInterfaces } from 'node:os'
import { parseDuration } from '../../../shared/duration'
import type { Logger } from '../../log/logger'
import type { CompanionLauncher } from '../../process/companion'
import type { HostEnvironment } from '../bidding/environment'
import type { Executor } from '../executors/executor'
import { createNativeExecutor } from '../executors/native/native-executor'
import { createWasmExecutor } from '../executors/wasm/wasm-executor'
import { type OfferConfig, offersOf } from '../machine/offers'
import { createLocalPublisher, type LocalPublisher } from '../publishers/local'
import { createNoopPublisher } from '../publishers/noop'
import { resultAddresses } from '../publishers/result-address'
import { createInlineStorage } from '../storage/inline'
import { createLocalDirectoryStorage } from '../storage/local-directory'
import type { StorageSource } from '../storage/storage-source'
import { createUrlDownloadStorage } from '../storage/url-download'
import type { RunTools } from './run-execution'
import { clearRun } from './run-folders'

/** What engines, inputs and publishers of a node are made with. */
export interface RunToolsOptions {
  readonly config: OfferConfig
  readonly asked: (key: string) => boolean
  /** `<DataDir>/compute`. */
  readonly computeDir: string
  readonly launch: CompanionLauncher
  readonly hostEnv: HostEnvironment
  /** The local address of the way to the orchestrator, when it is known. */
  readonly towardsOrchestrator: () => string | undefined
  readonly path: string | undefined
  readonly log: Logger
}

interface MadeTools extends RunTools {
  readonly localPublisher: LocalPublisher
  /** Has the engine's process started before its first program comes. */
  warmUp(engine: string): void
}

/** The engines, inputs and publishers that this node offers. */
export function makeRunTools(options: RunToolsOptions): MadeTools {
  const { config, asked, log } = options
  const offers = offersOf(config)
  const wasm = createWasmExecutor({ launch: options.launch, log })
  const native = createNativeExecutor({ enabled: offers.engines.includes('native'), path: options.path ?? '' })
  // One that is off stays in the list: it says why.
  const executors: readonly Executor[] = [...(offers.engines.includes('wasm') ? [wasm] : []), native]
  const storages: readonly StorageSource[] = [
    createInlineStorage(),
    createLocalDirectoryStorage(config.Compute.AllowListedLocalPaths),
    createUrlDownloadStorage({ timeoutMs: parseDuration(config.InputSources.ReadTimeout), retries: config.InputSources.MaxRetryCount }),
  ]
  const { Local } = config.Publishers.Types
  const localPublisher = createLocalPublisher({
    folder: options.computeDir,
    port: Local.Port,
    portAsked: asked('Publishers.Types.Local.Port'),
    addresses: () =>
      resultAddresses({
        configured: Local.Address,
        asked: asked('Publishers.Types.Local.Address'),
        advertised: config.Compute.Network.AdvertisedAddress,
        towardsOrchestrator: options.towardsOrchestrator(),
        own: Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []),
      }),
    log,
  })
  return {
    executors,
    storages: storages.filter(({ type }) => offers.storages.includes(type)),
    publishers: [localPublisher, createNoopPublisher()].filter(({ type }) => offers.publishers.includes(type)),
    hostEnv: options.hostEnv,
    disk: { clearRun },
    log,
    localPublisher,
    warmUp: (engine) => {
      if (engine.toLowerCase() === 'wasm' && offers.engines.includes('wasm')) void wasm.warmUp()
    },
  }
}
