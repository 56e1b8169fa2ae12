import type { JoiningView } from '../../../shared/cluster'
import { displayAddress, hostPort, parseAddresses } from '../../../shared/address'
import { AppError } from '../../../shared/errors'
import type { Joining } from '../../local/nodes/node-parts'
import { isThisMachineOnly } from '../../local/joining/listen-address'

/** What an orchestrator's API tells of its node port. */
export interface NodePort {
  readonly host: string
  readonly port: number
  /** `host:port` under which other machines reach it, where it differs. */
  readonly advertised?: string | undefined
  readonly tokenNeeded: boolean
}

const DEFAULT_PORT = 4222
const everywhere = new Set(['', '0.0.0.0', '::'])

/** Where nodes of this machine would join an orchestrator, by its API's address and by what the API tells. */
export function suggestJoining(apiUrl: string, told: NodePort | undefined): Omit<JoiningView, 'tokenKnown'> {
  const apiHost = new URL(apiUrl).hostname.replace(/^\[|\]$/g, '')
  if (told === undefined) return { addresses: [address(apiHost, DEFAULT_PORT)], source: 'guess', tokenNeeded: undefined, outOfReach: false }
  const { host, port, advertised, tokenNeeded } = told
  if (advertised !== undefined && advertised !== '') {
    return { addresses: parseAddresses([advertised]).map(displayAddress), source: 'orchestrator', tokenNeeded, outOfReach: false }
  }
  const hidden = isThisMachineOnly(host) && !isThisMachineOnly(apiHost)
  const own = !everywhere.has(host) && !isThisMachineOnly(host)
  return { addresses: [address(own ? host : apiHost, port)], source: 'orchestrator', tokenNeeded, outOfReach: hidden }
}

/** As `suggestJoining`, of nodes that are here. What is secret in their addresses is left out. */
export function knownJoining({ orchestrators, token }: Joining): JoiningView {
  const addresses = parseAddresses(orchestrators)
  const tokenKnown = token !== '' || addresses.some((one) => one.token !== undefined)
  return { addresses: addresses.map(displayAddress), source: 'nodes', tokenNeeded: undefined, tokenKnown, outOfReach: false }
}

function address(host: string, port: number): string {
  return `nats://${hostPort({ host: host === 'localhost' ? '127.0.0.1' : host, port })}`
}

/**
 * What was typed, as nodes take it: addresses with commas between them, `TOKEN@HOST` too. Without a token of its own the one in an address
 * counts, else that of `known`. Throws `address.invalid`, `address.mixed`, `address.missing`.
 */
export function readJoiningForm(typed: string, token: string | undefined, known: Joining | undefined): Joining {
  const addresses = parseAddresses([typed])
  if (addresses.length === 0) {
    throw new AppError('address.missing', 'No address of an orchestrator is given.', {
      hint: 'Write HOST or HOST:PORT; its node port is 4222 unless it says otherwise.',
    })
  }
  const inAddress = addresses.find((one) => one.token !== undefined)?.token
  const withUser = addresses.some((one) => one.user !== undefined)
  return {
    // User and password stand in the address and nowhere else.
    orchestrators: withUser ? typed.split(',').map((part) => part.trim()) : addresses.map(displayAddress),
    token: token ?? inAddress ?? tokenOf(known),
  }
}

function tokenOf(known: Joining | undefined): string {
  if (known === undefined || known.token !== '') return known?.token ?? ''
  return parseAddresses(known.orchestrators).find((one) => one.token !== undefined)?.token ?? ''
}
