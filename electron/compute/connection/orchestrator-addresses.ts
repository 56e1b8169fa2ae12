import { promises as fs } from 'node:fs'
import { displayAddress, type NatsAddress, parseAddresses } from '../../../shared/address'
import type { Config } from '../../../shared/config/schema'
import { AppError } from '../../../shared/errors'
import type { Logger } from '../../log/logger'
import type { NatsLink } from '../../transport/link'

/** Where a compute node goes, and with what: everything a new connection needs, read from the configuration. */
export interface Destination {
  readonly addresses: readonly NatsAddress[]
  readonly token: string
  /** PEM file of the authority to trust. */
  readonly caFile: string
  readonly requireTls: boolean
  /** A name that may stand in the server's certificate beside that of its address. */
  readonly serverName?: string
}

/**
 * From `Compute.*` of the configuration.
 * @throws AppError `address.invalid`, `address.mixed`, `address.missing`
 */
export function destinationOf({ Orchestrators, Auth, TLS }: Config['Compute']): Destination {
  const addresses = parseAddresses(Orchestrators, { requireTls: TLS.RequireTLS })
  if (addresses.length === 0) {
    throw new AppError('address.missing', 'Compute.Orchestrators names no orchestrator to join.', {
      hint: 'Set it to the address of one: Compute.Orchestrators=HOST:4222.',
    })
  }
  return { addresses, token: Auth.Token, caFile: TLS.CACert, requireTls: TLS.RequireTLS }
}

/** Connects to whatever `destination` says at this moment. */
export async function dialDestination(
  nodeId: string,
  { addresses, token, caFile, requireTls, serverName }: Destination,
  log: Logger,
): Promise<NatsLink> {
  const [{ dial }, ca] = await Promise.all([import('../../transport/dial'), caFile === '' ? undefined : readAuthority(caFile)])
  const tls = { requireTls, ...(ca === undefined ? {} : { ca }), ...(serverName === undefined ? {} : { serverName }) }
  return dial({ addresses, name: nodeId, credentials: { kind: 'token', token: () => token }, tls, log })
}

/** Without tokens and passwords, in their order. */
export function displayAddresses({ addresses }: Destination): readonly string[] {
  return addresses.map(displayAddress)
}

async function readAuthority(file: string): Promise<string> {
  let text: string
  try {
    text = await fs.readFile(file, 'utf8')
  } catch (cause) {
    throw new AppError('config.ca-unreadable', `The certificate authority in ${file} (Compute.TLS.CACert) cannot be read.`, {
      hint: 'Check the path and the rights of the file; it must be in PEM form.',
      cause,
    })
  }
  // TLS would take it without a word, and trust nobody.
  if (!/-----BEGIN (X509 |TRUSTED )?CERTIFICATE-----/.test(text)) {
    throw new AppError('config.ca-unreadable', `${file} (Compute.TLS.CACert) holds no certificate in PEM form.`, {
      hint: 'Name a PEM file that begins with -----BEGIN CERTIFICATE-----.',
    })
  }
  return text
}
