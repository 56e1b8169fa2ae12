import { X509Certificate } from 'node:crypto'
import { promises as fs } from 'node:fs'
import { AppError } from '../../../shared/errors'
import type { Config } from '../../../shared/config/schema'

/** How this process trusts the server it starts itself. */
export interface OwnTls {
  readonly certFile: string
  readonly keyFile: string
  /** Seconds that a handshake with the server may take; undefined = its usual time. */
  readonly timeoutS: number | undefined
  /** PEM; undefined = the authorities that Node knows. */
  readonly ca: string | undefined
  /** A name that stands in the certificate, which the loopback address as a rule does not. */
  readonly serverName: string | undefined
}

/**
 * Reads `Orchestrator.TLS`; undefined when it is not set.
 * @throws AppError `nats.tls-files` for a certificate that cannot be read
 */
export async function readOwnTls({ ServerCert, ServerKey, ServerTimeout, CACert }: Config['Orchestrator']['TLS']): Promise<OwnTls | undefined> {
  if (ServerCert === '') return undefined
  const [pem, authority] = await Promise.all([
    readPem('Orchestrator.TLS.ServerCert', ServerCert),
    CACert === '' ? undefined : readPem('Orchestrator.TLS.CACert', CACert),
  ])
  const certificate = parse(pem, ServerCert)
  const selfSigned = certificate.checkIssued(certificate)
  return {
    certFile: ServerCert,
    keyFile: ServerKey,
    timeoutS: ServerTimeout === 0 ? undefined : ServerTimeout,
    ca: authority ?? (selfSigned ? pem : undefined),
    serverName: firstName(certificate.subjectAltName),
  }
}

/** Pure: the first host of a subjectAltName such as `DNS:orch.example.org, IP Address:10.0.0.1`; a wildcard gets a label. */
export function firstName(subjectAltName: string | undefined): string | undefined {
  for (const part of (subjectAltName ?? '').split(', ')) {
    const name = /^(?:DNS|IP Address):"?([^"]+)"?$/.exec(part)?.[1]
    if (name !== undefined) return name.replace(/^\*\./, 'shoal.')
  }
  return undefined
}

function parse(pem: string, file: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch (cause) {
    throw new AppError('nats.tls-files', `${file} (Orchestrator.TLS.ServerCert) holds no certificate in PEM form.`, {
      hint: 'Name a PEM file that begins with -----BEGIN CERTIFICATE-----.',
      cause,
    })
  }
}

async function readPem(key: string, file: string): Promise<string> {
  try {
    return await fs.readFile(file, 'utf8')
  } catch (cause) {
    throw new AppError('nats.tls-files', `${file} (${key}) cannot be read.`, { hint: 'Check the path and the rights of the file.', cause })
  }
}
