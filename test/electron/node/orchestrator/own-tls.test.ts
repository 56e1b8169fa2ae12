import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { firstName, readOwnTls } from '../../../../electron/node/orchestrator/own-tls'
import { defaultConfig } from '../../../../shared/config/schema'

const none = defaultConfig.Orchestrator.TLS
const file = (name: string): string => join(process.cwd(), 'test', 'fixtures', 'certificates', name)

describe('trust in our own server', () => {
  it('is not needed without a certificate', async () => expect(await readOwnTls(none)).toBeUndefined())

  it('comes from the configured authority, under a name of the certificate', async () => {
    const tls = await readOwnTls({ ...none, ServerCert: file('name-only.pem'), ServerKey: file('name-only-key.pem'), CACert: file('ca.pem') })
    expect(tls).toMatchObject({ certFile: file('name-only.pem'), ca: expect.stringContaining('BEGIN CERTIFICATE') as string })
    expect(tls?.serverName).toMatch(/^[a-z.-]+$/)
  })

  it('has the time for a handshake that is configured, else the usual one', async () => {
    const files = { ...none, ServerCert: file('server.pem'), ServerKey: file('server-key.pem') }
    expect((await readOwnTls({ ...files, ServerTimeout: 3 }))?.timeoutS).toBe(3)
    expect((await readOwnTls(files))?.timeoutS).toBeUndefined()
  })

  it('comes from the system where the certificate is not signed by itself and no authority is named', async () => {
    expect((await readOwnTls({ ...none, ServerCert: file('server.pem'), ServerKey: file('server-key.pem') }))?.ca).toBeUndefined()
    expect((await readOwnTls({ ...none, ServerCert: file('ca.pem'), ServerKey: file('server-key.pem') }))?.ca).toBeDefined()
  })

  it('is refused with a reason when the certificate cannot be read', async () => {
    await expect(readOwnTls({ ...none, ServerCert: file('none.pem'), ServerKey: 'x' })).rejects.toMatchObject({
      code: 'nats.tls-files',
      message: expect.stringContaining('cannot be read') as string,
    })
    await expect(readOwnTls({ ...none, ServerCert: file('README.md'), ServerKey: 'x' })).rejects.toMatchObject({
      code: 'nats.tls-files',
      message: expect.stringContaining('no certificate') as string,
    })
  })

  it('finds the first host in a certificate', () => {
    expect(firstName('DNS:orch.example.org, IP Address:10.0.0.1')).toBe('orch.example.org')
    expect(firstName('email:a@b, IP Address:10.0.0.1')).toBe('10.0.0.1')
    expect(firstName('DNS:*.example.org')).toBe('shoal.example.org')
    expect(firstName(undefined)).toBeUndefined()
  })
})
