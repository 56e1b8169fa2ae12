import { hostPort } from '../../shared/address'

interface HostDescription {
  readonly nodeId: string
  readonly roles: { readonly orchestrator: boolean; readonly compute: boolean }
  readonly version: string
  readonly apiUrl: string
  readonly nats: { readonly host: string; readonly port: number; readonly websocketPort?: number } | undefined
  readonly tokenRequired: boolean
  readonly dataDir: string
  readonly logFile: string
}

/** Pure: what a person who has started a node needs first: who it is, where it is reached, where its log is. */
export function describeHost({ nodeId, roles, version, apiUrl, nats, tokenRequired, dataDir, logFile }: HostDescription): {
  readonly text: string
  readonly fields: Record<string, string>
} {
  const role = [roles.orchestrator ? 'orchestrator' : '', roles.compute ? 'compute node' : ''].filter((part) => part !== '').join(' and ')
  const fields: Record<string, string> = {
    nodeId,
    role,
    version,
    api: apiUrl,
    ...(nats === undefined ? {} : { nats: `nats://${hostPort(nats)}`, access: tokenRequired ? 'with token' : 'without token' }),
    ...(nats?.websocketPort === undefined ? {} : { websocketPort: String(nats.websocketPort) }),
    dataDir,
    logFile,
  }
  const rows: (readonly [string, string])[] = [['API', apiUrl]]
  if (nats !== undefined) rows.push(['NATS', `nats://${hostPort(nats)}, ${tokenRequired ? 'token needed to join' : 'no token needed to join'}`])
  if (nats?.websocketPort !== undefined) rows.push(['WebSocket', `port ${nats.websocketPort}`])
  rows.push(['Data', dataDir], ['Log', logFile])
  const width = Math.max(...rows.map(([name]) => name.length)) + 2
  return { text: [`Shoal ${version}, ${role} ${nodeId}`, ...rows.map(([name, value]) => `  ${name.padEnd(width)}${value}`)].join('\n'), fields }
}
