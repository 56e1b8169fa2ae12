import { parseAddresses } from '../address'
import { parseDuration } from '../duration'
import { AppError } from '../errors'
import { isAllocation } from '../quantity'
import { tokenStrength } from '../token'
import type { ConfigKey } from './keys'
import { configKeys, valueAt } from './keys'
import type { Config } from './schema'

/** What is wrong with a configuration whose single values are all right. An `error` keeps a node from starting. */
interface RuleProblem {
  readonly severity: 'error' | 'warning'
  /** The keys it is about, the one to point at first. */
  readonly keys: readonly string[]
  /** What is wrong and what to do, in one or two sentences. */
  readonly message: string
}

type Rule = (config: Config, isSet: (key: string) => boolean) => readonly RuleProblem[]

/**
 * Everything that is wrong between keys, or asks for what is not built.
 * @param isSet whether a key was set by anybody, by its name in the schema's spelling.
 */
export function configRules(config: Config, isSet: (key: string) => boolean): readonly RuleProblem[] {
  return rules.flatMap((rule) => rule(config, isSet))
}

/** Whether an address to listen on can be reached from this machine alone. */
export function isLoopbackHost(host: string): boolean {
  const plain = host.toLowerCase().replace(/^\[|\]$/g, '')
  return plain === 'localhost' || plain === 'local' || plain === 'loopback' || plain === '::1' || /^127(\.\d{1,3}){3}$/.test(plain)
}

const error = (keys: readonly string[], message: string): RuleProblem => ({ severity: 'error', keys, message })
const warning = (keys: readonly string[], message: string): RuleProblem => ({ severity: 'warning', keys, message })

const refusedKeys: Rule = (config, isSet) =>
  configKeys
    .filter((key) => key.refused !== undefined && isSet(key.name) && !isDefault(key, valueAt(config, key.path)))
    .map((key) => error([key.name], `${key.name} is set. ${key.refused ?? ''}`))

const unusedKeys: Rule = (config, isSet) =>
  configKeys
    .filter((key) => key.unused === true && isSet(key.name) && !isDefault(key, valueAt(config, key.path)))
    .map((key) => warning([key.name], `${key.name} is kept, and has no effect in this version.`))

function isDefault(key: ConfigKey, value: unknown): boolean {
  return JSON.stringify(value) === JSON.stringify(key.default)
}

/** Where the cluster is open to the network, the token is all that guards it. */
const token: Rule = (config, isSet) => {
  const { Host, Auth, WebSocket } = config.Orchestrator
  const hosts = [
    { key: 'Orchestrator.Host', host: isSet('Orchestrator.Host') || Auth.Token === '' ? Host : '0.0.0.0' },
    ...(WebSocket.Enabled && WebSocket.Host !== '' ? [{ key: 'Orchestrator.WebSocket.Host', host: WebSocket.Host }] : []),
  ]
  const open = hosts.find(({ host }) => !isLoopbackHost(host))
  if (open === undefined) return []
  // Its reason may quote a part of the token: this text ends up in logs.
  const { verdict } = tokenStrength(Auth.Token)
  if (verdict === 'empty') {
    return [
      error(
        [open.key, 'Orchestrator.Auth.Token'],
        `${open.key} is ${open.host === '' ? 'empty, which means every address' : `${open.host}, beyond this machine`}, and Orchestrator.Auth.Token is empty: anybody who reaches the port could join. Set a token (shoal token generate makes one), or listen on 127.0.0.1.`,
      ),
    ]
  }
  if (verdict !== 'weak') return []
  const place = 'Set a stronger one (shoal token generate makes one), or Orchestrator.Host to 127.0.0.1.'
  return [
    error(
      ['Orchestrator.Auth.Token', open.key],
      `Orchestrator.Auth.Token is weak: it can be guessed, and the cluster is open beyond this machine. ${place}`,
    ),
  ]
}

const openApi: Rule = ({ API }, isSet) =>
  isSet('API.Host') && !isLoopbackHost(API.Host) && !API.Host.includes('://')
    ? [
        warning(
          ['API.Host'],
          `API.Host is ${API.Host}: everybody who reaches port ${API.Port} there can manage the cluster, for the API asks for no password.`,
        ),
      ]
    : []

const ports: Rule = ({ API, Orchestrator, Compute }) => {
  // A node without a role becomes an orchestrator.
  const isOrchestrator = Orchestrator.Enabled || !Compute.Enabled
  const listeners = [
    { key: 'API.Port', port: API.Port },
    ...(isOrchestrator ? [{ key: 'Orchestrator.Port', port: Orchestrator.Port }] : []),
    ...(isOrchestrator && Orchestrator.WebSocket.Enabled ? [{ key: 'Orchestrator.WebSocket.Port', port: Orchestrator.WebSocket.Port }] : []),
  ]
  const clashes = listeners.flatMap((one, index) =>
    listeners
      .slice(index + 1)
      .filter((other) => other.port === one.port && one.port !== 0)
      .map((other) => error([other.key, one.key], `${one.key} and ${other.key} are both ${one.port}. Give one of them another port.`)),
  )
  const { PortRangeStart, PortRangeEnd } = Compute.Network
  const range =
    PortRangeStart > PortRangeEnd
      ? [
          error(
            ['Compute.Network.PortRangeEnd', 'Compute.Network.PortRangeStart'],
            `Compute.Network.PortRangeEnd (${PortRangeEnd}) is below PortRangeStart (${PortRangeStart}).`,
          ),
        ]
      : []
  return [...clashes, ...range]
}

const tls: Rule = ({ Orchestrator }) => {
  const { ServerCert, ServerKey } = Orchestrator.TLS
  if ((ServerCert === '') === (ServerKey === '')) return []
  const [has, lacks] = ServerCert === '' ? ['ServerKey', 'ServerCert'] : ['ServerCert', 'ServerKey']
  return [
    error(
      [`Orchestrator.TLS.${has}`],
      `Orchestrator.TLS.${has} is set and Orchestrator.TLS.${lacks} is not: a certificate needs its key. Set both or neither.`,
    ),
  ]
}

const addresses: Rule = ({ Compute }, isSet) => {
  const name = 'Compute.Orchestrators'
  try {
    const found = parseAddresses(Compute.Orchestrators, { requireTls: Compute.TLS.RequireTLS })
    return found.length === 0 && (Compute.Enabled || isSet(name))
      ? [error([name], 'Compute.Orchestrators names no address. Write HOST:PORT of an orchestrator.')]
      : []
  } catch (failure) {
    if (!(failure instanceof AppError)) throw failure
    return [error([name], `Compute.Orchestrators: ${failure.message} ${failure.hint ?? ''}`.trim())]
  }
}

const capacity: Rule = ({ Compute }) =>
  (['CPU', 'Memory', 'Disk', 'GPU'] as const)
    .filter((resource) => !isAllocation(resource, Compute.AllocatedCapacity[resource]))
    .map((resource) => {
      const example = { CPU: '80%, 500m or 2', Memory: '80%, 512Mb or 1Gi', Disk: '80% or 10Gb', GPU: '100% or 1' }[resource]
      return error(
        [`Compute.AllocatedCapacity.${resource}`],
        `Compute.AllocatedCapacity.${resource} is "${Compute.AllocatedCapacity[resource]}", which is no amount. Write ${example}.`,
      )
    })

const times: Rule = ({ Compute, Orchestrator }) => {
  const positive = [
    ['Compute.Heartbeat.Interval', Compute.Heartbeat.Interval],
    ['Compute.Heartbeat.InfoUpdateInterval', Compute.Heartbeat.InfoUpdateInterval],
    ['Orchestrator.NodeManager.DisconnectTimeout', Orchestrator.NodeManager.DisconnectTimeout],
  ] as const
  return positive.filter(([, text]) => parseDuration(text) <= 0).map(([key]) => error([key], `${key} must be longer than nothing, such as 15s.`))
}

const dataDir: Rule = ({ DataDir }) =>
  DataDir.includes('$') || !/^(~$|~[/\\]|[/\\]|[A-Za-z]:[/\\])/.test(DataDir)
    ? [error(['DataDir'], 'DataDir must be an absolute path, or begin with ~/. Variables in it are not expanded.')]
    : []

const rules: readonly Rule[] = [refusedKeys, token, openApi, ports, tls, addresses, capacity, times, dataDir, unusedKeys]
