import type { Access, Cluster, TokenEffect } from '../../../shared/cluster'
import type { NodeRow } from '../../../shared/models/node-row'
import { tokenStrength } from '../../../shared/token'
import { fingerprint, GENERATED_BITS } from '../../access/tokens'
import { isThisMachineOnly, networkAddresses, type NetworkInterfaces } from '../../local/joining/listen-address'
import type { ClusterToken } from '../../local/cluster/local-cluster'
import { joinCommands } from './join-commands'

type Reach = NonNullable<Cluster['reach']>

/** What is known of a cluster where its access is shown. No rows: its orchestrator has told none yet. */
export interface AccessParts {
  readonly cluster: Cluster
  readonly token: ClusterToken
  readonly rows: readonly NodeRow[]
  readonly interfaces: NetworkInterfaces
}

/** What the Access screen shows. The token itself is not in it. */
export function accessOf({ cluster, token, rows, interfaces }: AccessParts): Access {
  const addresses = cluster.reach === undefined ? [] : reachable(cluster.reach, interfaces)
  const best = addresses.find(({ reachable: where }) => where === 'network') ?? addresses[0]
  return {
    clusterId: cluster.id,
    token:
      token.token === ''
        ? { set: false }
        : {
            set: true,
            fingerprint: fingerprint(token.token),
            bits: strengthOf(token.token, token.generated).bits,
            generated: token.generated,
            source: token.configPath,
            ...(token.changedAt === undefined ? {} : { changedAt: token.changedAt }),
          },
    addresses,
    commands:
      best === undefined || cluster.reach === undefined
        ? []
        : joinCommands({ host: hostOf(best.address), port: cluster.reach.port }, token.token !== ''),
    usedBy: usedBy(cluster, rows),
    configPath: token.configPath,
  }
}

/** Of a token that was generated here its true size is known; others are weighed as a guesser would. */
function strengthOf(token: string, generated: boolean): TokenEffect['strength'] {
  const { bits, verdict, reason } = tokenStrength(token)
  return { bits: generated ? GENERATED_BITS : bits, verdict, reason }
}

/** What setting this token would do, told before it is done. `generated`: this app has made it. */
export function tokenEffect(parts: AccessParts, candidate: string, generated: boolean): TokenEffect {
  const strength = strengthOf(candidate, generated)
  const { verdict } = strength
  const { local, remote } = usedBy(parts.cluster, parts.rows)
  const shared = parts.cluster.reach?.shared === true
  const effects =
    candidate === parts.token.token
      ? ['It is the token that is set now: nothing changes.']
      : [
          ...(local > 0
            ? [
                `${count(local, 'node')} of this machine ${local === 1 ? 'takes' : 'take'} it over and ${local === 1 ? 'reconnects' : 'reconnect'} at once.`,
              ]
            : []),
          ...(remote > 0
            ? [
                `${count(remote, 'node')} of other machines ${remote === 1 ? 'is' : 'are'} refused from ${remote === 1 ? 'its' : 'their'} next connection on, until ${remote === 1 ? 'it has' : 'they have'} the new token.`,
              ]
            : []),
          ...(candidate === '' && !shared ? ['Every program of this machine can join without a token.'] : []),
          ...(shared && (verdict === 'empty' || verdict === 'weak') ? ['It is refused: this cluster can be reached from the network.'] : []),
        ]
  return { strength, fingerprint: candidate === '' ? '' : fingerprint(candidate), effects }
}

function usedBy(cluster: Cluster, rows: readonly NodeRow[]): Access['usedBy'] {
  const local = cluster.localNodes.filter((node) => node.role === 'compute').map((node) => node.name)
  const own = new Set(cluster.localNodes.map((node) => node.name))
  const remote = rows.filter(({ state, socket }) => state.Info.NodeType === 'Compute' && !own.has(state.Info.NodeID) && socket.kind === 'up')
  return { local: local.length, remote: remote.length }
}

function reachable({ host, port }: Reach, interfaces: NetworkInterfaces): Access['addresses'] {
  const here = { address: `127.0.0.1:${port}`, reachable: 'this-machine', interfaceName: 'loopback' } as const
  if (isThisMachineOnly(host)) return [here]
  const onNetworks = networkAddresses(interfaces).map(
    ({ address, interfaceName }) => ({ address: withPort(address, port), reachable: 'network', interfaceName }) as const,
  )
  if (host === '0.0.0.0') return [here, ...onNetworks.filter(({ address }) => !address.startsWith('['))]
  if (host === '::') return [here, ...onNetworks]
  const own = onNetworks.filter(({ address }) => address === withPort(host, port))
  return own.length > 0 ? own : [{ address: withPort(host, port), reachable: 'network', interfaceName: '' }]
}

function withPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(':')).replace(/^\[|\]$/g, '')
}

function count(amount: number, thing: string): string {
  return amount === 1 ? `1 ${thing}` : `${amount} ${thing}s`
}
