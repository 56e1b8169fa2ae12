import { AppError } from '../../shared/errors'

/** What a failed start was about, for messages in the terms of the configuration. */
interface StartContext {
  readonly host: string
  readonly port: number
  readonly websocketPort: number | undefined
  readonly storeDir: string
}

/** Why nats-server did not come up, by what it printed last. A taken port is looked into before (see `startNatsServer`). */
export function explainStartFailure(lines: readonly string[], how: string, { host, port, websocketPort, storeDir }: StartContext): AppError {
  const said = (pattern: RegExp): string | undefined => lines.find((line) => pattern.test(line))
  const cause = new Error(lines.join('\n'))
  const listening = said(/listen/i)
  if (listening !== undefined && /permission denied/.test(listening)) {
    const blocked = /websocket/i.test(listening) ? websocketPort : port
    return new AppError('port.forbidden', `This user may not listen on port ${blocked}.`, { hint: 'Choose a port from 1024 up.', cause })
  }
  if (listening !== undefined && /cannot assign requested address|no such host/.test(listening)) {
    return new AppError('address.not-here', `This machine has no address ${host}.`, {
      hint: 'Set Orchestrator.Host to 127.0.0.1 for this machine alone, 0.0.0.0 for all its networks, or one of its own addresses.',
      cause,
    })
  }
  const certificate = said(/X509|certificate|private key/i)
  if (certificate !== undefined) {
    return new AppError('nats.tls-files', `The TLS certificate or key of the orchestrator cannot be used: ${afterPosition(certificate)}`, {
      hint: 'Check Orchestrator.TLS.ServerCert and Orchestrator.TLS.ServerKey: both PEM files, readable by this user, belonging together.',
      cause,
    })
  }
  const advertise = said(/ClientAdvertise|advertise/i)
  if (advertise !== undefined) {
    return new AppError('nats.advertise', 'Orchestrator.Advertise is not an address that can be told to others.', {
      hint: 'Write it as host:port.',
      cause,
    })
  }
  const store = said(/JetStream|storage directory|store/i)
  if (store !== undefined && said(/FTL/) !== undefined) return explainStore(store, storeDir, cause)
  return new AppError('nats.start-failed', `nats-server ended while starting (${how}). It said: ${lines.slice(-3).join(' / ') || 'nothing'}`, {
    hint: 'Read the log of the node for more.',
    cause,
  })
}

/** Lines of a start that mean: what was stored in a stream cannot be read, and the server has left it out. */
export function findStoreDamage(lines: readonly string[]): string | undefined {
  return lines.find((line) =>
    /Stream metafile .*(checksums do not match|error)|Missing stream (checksum|metadata) file|Error (unmarshalling|reading|recreating) .*stream/i.test(
      line,
    ),
  )
}

/** The state log cannot be read as a whole. The folder is left as it is. */
export function storeDamaged(storeDir: string, line: string): AppError {
  return new AppError('nats.store-damaged', `The state log in ${storeDir} is damaged: ${line}`, {
    hint: 'Put the data directory back from a backup, or move its folders state and jobs away to begin with nothing: nodes that run join again by themselves.',
  })
}

function explainStore(line: string, storeDir: string, cause: Error): AppError {
  if (/no space left/i.test(line)) return diskFull(storeDir, 0, cause)
  if (/permission denied|read-only/i.test(line)) {
    return new AppError('nats.store-unwritable', `The state log cannot be kept in ${storeDir}: this user may not write there.`, {
      hint: 'Give this user the right to the folder, or choose another data directory.',
      cause,
    })
  }
  return new AppError('nats.store-unusable', `The state log cannot be kept in ${storeDir}: ${line}`, {
    hint: 'Choose another data directory.',
    cause,
  })
}

/** `disk.full`: JetStream would start, and then store nothing. */
export function diskFull(storeDir: string, freeBytes: number, cause?: unknown): AppError {
  return new AppError('disk.full', `The disk that holds ${storeDir} is full: ${Math.floor(freeBytes / 1024 / 1024)} MiB are free.`, {
    hint: 'Make room on it, or choose a data directory on another disk; then start again.',
    cause,
  })
}

/** `nats-server: /path/conf:4:1: error …`: the position in a file of ours helps nobody. */
function afterPosition(line: string): string {
  return line.replace(/^nats-server: \S+:\d+:\d+: /, '')
}
