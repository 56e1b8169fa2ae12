import { accounts, loginsOf, type Login, type ServerCredentials } from './credentials'

interface TlsFiles {
  readonly certFile: string
  readonly keyFile: string
  /** `Orchestrator.TLS.ServerTimeout`: seconds that a handshake may take; 10 unless told. */
  readonly timeoutS?: number
}

interface WebsocketSettings {
  readonly host: string
  readonly port: number
  /** `host:port` that WebSocket nodes are told, where it differs. */
  readonly advertise?: string
  readonly tls?: TlsFiles
}

/**
 * The disk is the limit. Left to itself the server allows three quarters of what is free when it starts, for what it holds already too: on a
 * disk that has been full it would never store anything again.
 */
const MAX_STORE_BYTES = 2 ** 50

/** What the text of its configuration is made from. */
export interface ServerSettings {
  /** The orchestrator's node id; INFO shows it. */
  readonly nodeId: string
  readonly host: string
  readonly port: number
  /** `host:port` that other machines are told, where it differs. */
  readonly advertise?: string
  readonly tls?: TlsFiles
  /** `Orchestrator.SupportReverseProxy`: takes plain connections too, and says that TLS is available. */
  readonly supportReverseProxy: boolean
  /** A listener for nodes behind HTTP-only networks. */
  readonly websocket?: WebsocketSettings
  readonly storeDir: string
  readonly credentials: ServerCredentials
  /** Account key (nkey `A…`) that signs the gate's answers. */
  readonly issuerPublicKey: string
}

/**
 * A client that hangs is dropped after 1.5 to 2.2 s, and after 3 s at most if it said something just before: the server then leaves out
 * one ping. Whoever answers within 1.5 s is never dropped, which a busy machine needs. More pings in the same time would only cost more:
 * with a thousand nodes they are most of what the server does.
 */
const PING_INTERVAL_MS = 740
const PINGS_OUT = 2
/** Above the 2 s after which nodes time out by themselves: a refusal twice in a row would strand a real one. */
const AUTH_TIMEOUT_S = 5
const TLS_FIRST_MS = 200

/** The configuration file of nats-server, as text. Holds secrets: mode 0600. */
export function renderServerConfig(settings: ServerSettings): string {
  const { credentials, websocket } = settings
  return lines(
    `server_name: ${quote(settings.nodeId)}`,
    `host: ${quote(settings.host)}`,
    `port: ${settings.port}`,
    settings.advertise !== undefined && `client_advertise: ${quote(settings.advertise)}`,
    renderTls(settings),
    websocket !== undefined && renderWebsocket(websocket),
    `ping_interval: "${PING_INTERVAL_MS}ms"`,
    `ping_max: ${PINGS_OUT}`,
    `jetstream { store_dir: ${quote(settings.storeDir)}, sync_interval: always, max_file_store: ${MAX_STORE_BYTES} }`,
    `system_account: ${accounts.system}`,
    'accounts {',
    `  ${accounts.system}: { users: [ ${renderUser(credentials.system)} ] }`,
    `  ${accounts.state}: { jetstream: enabled, users: [ ${renderUser(credentials.state)} ] }`,
    `  ${accounts.nodes}: { users: [ ${renderUser(credentials.orchestrator)} ] }`,
    '}',
    'authorization {',
    `  timeout: ${AUTH_TIMEOUT_S}`,
    '  auth_callout {',
    `    issuer: ${quote(settings.issuerPublicKey)}`,
    `    account: ${accounts.nodes}`,
    `    auth_users: [ ${loginsOf(credentials)
      .map(({ user }) => quote(user))
      .join(', ')} ]`,
    '  }',
    '}',
  )
}

/**
 * A string of nats-server's configuration language, in double quotes: there `$` names no variable, and only these escapes are known
 * (nats-server: conf/lex.go). A zero byte would read as the end of the file.
 */
export function quote(value: string): string {
  return `"${value.replace(/["\\]|\p{Cc}/gu, escape)}"`
}

function escape(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`
  const code = character.charCodeAt(0)
  // `\x` makes a byte, and from 0x80 up a single byte is not UTF-8.
  return code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : character
}

function renderUser({ user, password }: Login): string {
  return `{ user: ${quote(user)}, password: ${quote(password)} }`
}

function renderTls({ tls, supportReverseProxy }: ServerSettings): string | false {
  if (tls === undefined) return supportReverseProxy && lines('tls {}', 'allow_non_tls: true')
  // With a time, TLS is taken before INFO (what a node does that insists on it) as well as after it (what nodes do by default). The server's own
  // default of 50 ms is too short for a busy machine, and a node that comes too late fails.
  return lines(`tls { ${renderFiles(tls)}, handshake_first: "${TLS_FIRST_MS}ms" }`, supportReverseProxy && 'allow_non_tls: true')
}

function renderWebsocket({ host, port, advertise, tls }: WebsocketSettings): string {
  const parts = [
    `host: ${quote(host)}`,
    `port: ${port}`,
    ...(advertise === undefined ? [] : [`advertise: ${quote(advertise)}`]),
    // Nodes send no Origin; a web page does, and must not reach the cluster through a browser on this machine.
    'same_origin: true',
    tls === undefined ? 'no_tls: true' : `tls { ${renderFiles(tls)} }`,
  ]
  return `websocket { ${parts.join(', ')} }`
}

function renderFiles({ certFile, keyFile, timeoutS = 10 }: TlsFiles): string {
  return `cert_file: ${quote(certFile)}, key_file: ${quote(keyFile)}, timeout: ${timeoutS}`
}

function lines(...parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false).join('\n')
}
