import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MASK, maskAddress, maskConfig, secretsOf } from '../../../shared/config/mask'
import { defaultConfig } from '../../../shared/config/schema'
import type { Config } from '../../../shared/config/schema'

const token = fc.stringMatching(/^[A-Za-z0-9+/=_-]{12,40}$/)

function withSecrets(secret: string): Config {
  return {
    ...defaultConfig,
    Orchestrator: { ...defaultConfig.Orchestrator, Auth: { Token: `o${secret}` } },
    Compute: { ...defaultConfig.Compute, Auth: { Token: `c${secret}` }, Orchestrators: [`nats://a${secret}@one:4222,b${secret}@two`, 'three:4222'] },
    API: {
      ...defaultConfig.API,
      Auth: { ...defaultConfig.API.Auth, Users: [{ Username: 'ann', Password: `p${secret}` }, { APIKey: `k${secret}` }] },
    },
    WebUI: { ...defaultConfig.WebUI, Backend: `https://user:${secret}@host` },
  }
}

describe('maskConfig', () => {
  it('leaves no secret in it, whatever the secret', () => {
    fc.assert(
      fc.property(token, (secret) => {
        expect(JSON.stringify(maskConfig(withSecrets(secret)))).not.toContain(secret)
      }),
    )
  })

  it('shows what is no secret, and that none is set', () => {
    const masked = maskConfig(withSecrets('abcdefghijkl'))
    expect(masked.Compute.Orchestrators).toEqual([`nats://${MASK}@one:4222,${MASK}@two`, 'three:4222'])
    expect(masked.API.Auth.Users[0]).toEqual({ Username: 'ann', Password: MASK })
    expect(maskConfig(defaultConfig)).toEqual(defaultConfig)
  })

  it('leaves the original as it is', () => {
    const config = withSecrets('abcdefghijkl')
    maskConfig(config)
    expect(config.Orchestrator.Auth.Token).toBe('oabcdefghijkl')
  })
})

describe('secretsOf', () => {
  it('finds them all', () => {
    expect([...secretsOf(withSecrets('x'))].sort()).toEqual(['ax', 'bx', 'cx', 'kx', 'ox', 'px'])
    expect(secretsOf(defaultConfig)).toEqual([])
  })
})

describe('maskAddress', () => {
  it.each([
    ['nats://t0ken@host:4222', `nats://${MASK}@host:4222`],
    ['t0ken@host', `${MASK}@host`],
    ['wss://user:pass@host', `wss://${MASK}@host`],
    ['nats://host:4222', 'nats://host:4222'],
    ['to@ken@host', `${MASK}@host`],
  ])('%s', (address, masked) => {
    expect(maskAddress(address)).toBe(masked)
  })
})
