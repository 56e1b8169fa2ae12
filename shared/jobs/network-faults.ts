import type { NetworkSpec } from './job-spec'
import { networkType } from './network-type'
import type { NetworkType } from './network-type'

type PortSpec = NonNullable<NetworkSpec['Ports']>[number]

const lowestPort = 1024
const highestPort = 65_535
/** What is left of an environment variable's name when `BACALHAU_PORT_` and the like stand before it. */
const longestName = 237
const domainName = /^\.?([a-z0-9]([-a-z0-9]*[a-z0-9])?\.)+[a-z0-9]([-a-z0-9]*[a-z0-9])?$/i
const ipv4 = /^(\d{1,3})(\.\d{1,3}){3}$/

/** What is wrong with a task's network, in Bacalhau's words. */
export function networkFaults({ Type, Domains = [], Ports = [] }: NetworkSpec): string[] {
  const type = networkType(Type)
  if (type === undefined) return [`invalid networking type ${JSON.stringify(Type)}`]
  const faults = Domains.length > 0 && type !== 'HTTP' ? ['domains can only be set for HTTP network mode'] : []
  faults.push(
    ...Domains.filter((domain) => !domainName.test(domain) && !isAddress(domain)).map((domain) => `invalid domain ${JSON.stringify(domain)}`),
  )
  if (Ports.length === 0) return faults
  if (type !== 'Host' && type !== 'Full' && type !== 'Bridge') return [...faults, 'ports can only be set for Host or Bridge network modes']
  return [...faults, ...portsFaults(type, Ports)]
}

function portsFaults(type: NetworkType, ports: readonly PortSpec[]): string[] {
  const names = new Set<string>()
  const statics = new Set<number>()
  const targets = new Set<number>()
  return ports.flatMap((port) => {
    const fault = portFault(port)
    if (fault !== undefined) return [fault]
    const { Name = '', Static = 0, Target = 0 } = port
    const faults: string[] = []
    if (names.has(Name)) faults.push(`duplicate port mapping name ${JSON.stringify(Name)}`)
    if (Static !== 0 && statics.has(Static)) faults.push(`duplicate port mapping static port ${Static}`)
    if (Target !== 0 && type !== 'Bridge') faults.push('target ports cannot be set for Host network mode')
    if (Target !== 0 && type === 'Bridge' && targets.has(Target)) faults.push(`duplicate port mapping target port ${Target}`)
    names.add(Name)
    statics.add(Static)
    targets.add(Target)
    return faults
  })
}

function portFault({ Name = '', Static = 0, Target = 0, HostNetwork = '' }: PortSpec): string | undefined {
  if (Name === '') return 'port mapping name is required'
  if (!/^[A-Za-z_]\w*$/.test(Name))
    return 'port name must be a valid environment variable name: start with letter/underscore and contain only letters, numbers, and underscores'
  if (Name.length > longestName) return `port name too long (max ${longestName} characters)`
  if (Static !== 0 && Static < lowestPort) return `static port ${Static} is in privileged port range (1-1023)`
  if (Static > highestPort) return `static port ${Static} is above maximum valid port 65535`
  if (Target < 0 || Target > highestPort) return `invalid target port ${Target}`
  if (HostNetwork !== '' && !isAddress(HostNetwork)) return `invalid host network IP address: ${HostNetwork}`
  return undefined
}

/** An IPv4 or IPv6 address. */
function isAddress(text: string): boolean {
  if (ipv4.test(text)) return text.split('.').every((part) => Number(part) <= 255)
  if (!text.includes(':')) return false
  return URL.canParse(`http://[${text}]/`)
}
