import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { destinationOf, dialDestination } from '../../../../electron/compute/connection/orchestrator-addresses'
import { createLogger } from '../../../../electron/log/logger'
import { defaultConfig } from '../../../../shared/config/schema'

const log = createLogger({ sinks: [], level: 'error', secrets: () => [] })
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shoal-authority-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the authority that a node trusts', () => {
  it.each<[string, string | undefined, RegExp]>([
    ['missing', undefined, /cannot be read/],
    ['a key in its place', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n', /holds no certificate in PEM form/],
    ['empty', '', /holds no certificate in PEM form/],
  ])('%s: said before anything is dialled', async (_, text, told) => {
    const file = join(folder, 'ca.pem')
    if (text !== undefined) writeFileSync(file, text)
    const { Compute } = defaultConfig
    const destination = destinationOf({ ...Compute, Orchestrators: ['tls://127.0.0.1:9'], TLS: { ...Compute.TLS, CACert: file } })
    await expect(dialDestination('n-1', destination, log)).rejects.toMatchObject({
      code: 'config.ca-unreadable',
      message: expect.stringMatching(told) as string,
    })
  })
})
