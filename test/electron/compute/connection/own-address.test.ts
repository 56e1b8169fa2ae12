import { describe, expect, it } from 'vitest'
import { hostAndPort, ownAddressTowards } from '../../../../electron/compute/connection/own-address'

describe('the way to another machine', () => {
  it.each([
    ['nats://10.0.0.7:4222', { host: '10.0.0.7', port: 4222 }],
    ['wss://cluster.example.org:443/nats', { host: 'cluster.example.org', port: 443 }],
    ['tls://[2001:db8::7]:4222', { host: '2001:db8::7', port: 4222 }],
    ['10.0.0.7:4222', undefined],
    ['nats://10.0.0.7', undefined],
    ['', undefined],
  ])('%s', (address, place) => {
    expect(hostAndPort(address)).toEqual(place)
  })

  it('begins at an address of this one, whether anybody listens there or not', async () => {
    expect(await ownAddressTowards('127.0.0.1', 9)).toBe('127.0.0.1')
    expect(await ownAddressTowards('localhost', 9)).toMatch(/^(127\.0\.0\.1|::1)$/)
  })

  it('is none where the name or the address leads nowhere', async () => {
    expect(await ownAddressTowards('nowhere.invalid', 9)).toBeUndefined()
    expect(await ownAddressTowards('::ffff:300.1.1.1', 9)).toBeUndefined()
  })
})
