import { describe, expect, it } from 'vitest'
import { displayAddress, parseAddresses, type NatsAddress } from '../../../../shared/address'
import { certificateNames, reconnectOrder, withDiscovered, type ServerPool } from '../../../../electron/transport/reconnect/server-pool'

const poolOf = (...addresses: readonly string[]): ServerPool => ({ configured: parseAddresses(addresses), discovered: [] })
const only = (address: string): NatsAddress => {
  const [first] = parseAddresses([address])
  if (first === undefined) throw new Error('no address')
  return first
}
const shown = (addresses: readonly NatsAddress[]): string[] => addresses.map(displayAddress)

describe('withDiscovered', () => {
  it('adds the servers that INFO names, with scheme and userinfo of the one that named them', () => {
    const current = only('tls://t0ken@a')
    const { discovered } = withDiscovered({ configured: [current], discovered: [] }, current, [
      'a:4222',
      '10.0.0.2:4223',
      '[::1]:4224',
      '10.0.0.2:4223',
    ])
    expect(discovered).toEqual([
      { scheme: 'tls', host: '10.0.0.2', port: 4223, token: 't0ken' },
      { scheme: 'tls', host: '::1', port: 4224, token: 't0ken' },
    ])
    expect(withDiscovered(poolOf('u:p@a'), only('u:p@a'), ['b:1']).discovered).toEqual([
      { scheme: 'nats', host: 'b', port: 1, user: 'u', password: 'p' },
    ])
  })

  it('forgets servers that are not named any more, and keeps the configured ones', () => {
    const pool = withDiscovered(poolOf('a', 'b'), only('a'), ['c:4222'])
    const next = withDiscovered(pool, only('a'), [])
    expect(shown(next.configured)).toEqual(['nats://a:4222', 'nats://b:4222'])
    expect(next.discovered).toEqual([])
  })

  it('leaves out what is no address', () => {
    expect(withDiscovered(poolOf('a'), only('a'), ['', 'b:0', 'two words', 'c:1']).discovered).toEqual([only('c:1')])
  })
})

describe('reconnectOrder', () => {
  const pool = withDiscovered(poolOf('a', 'b'), only('a'), ['c:4222', 'd:4222'])

  it('begins behind the server that was lost and ends with it', () => {
    expect(shown(reconnectOrder(pool, only('b')))).toEqual(['nats://c:4222', 'nats://d:4222', 'nats://a:4222', 'nats://b:4222'])
    expect(shown(reconnectOrder(pool, only('d')))).toEqual(['nats://a:4222', 'nats://b:4222', 'nats://c:4222', 'nats://d:4222'])
  })

  it('begins with the first when the lost one is not known any more', () => {
    expect(shown(reconnectOrder(pool, only('gone')))).toEqual(['nats://a:4222', 'nats://b:4222', 'nats://c:4222', 'nats://d:4222'])
    expect(shown(reconnectOrder(pool, undefined))[0]).toBe('nats://a:4222')
  })
})

describe('certificateNames', () => {
  const pool = withDiscovered(poolOf('tls://orchestrator.test', 'tls://10.0.0.1'), only('tls://orchestrator.test'), [
    '10.0.0.2:4222',
    'other.test:4222',
  ])

  it('is the host of a configured server, and of a discovered one that has a name', () => {
    expect(certificateNames(pool, only('tls://orchestrator.test'))).toEqual(['orchestrator.test'])
    expect(certificateNames(pool, only('tls://10.0.0.1'))).toEqual(['10.0.0.1'])
    expect(certificateNames(pool, only('tls://other.test'))).toEqual(['other.test'])
  })

  it('is also a configured name for a bare IP that was discovered', () => {
    expect(certificateNames(pool, only('tls://10.0.0.2'))).toEqual(['10.0.0.2', 'orchestrator.test'])
  })
})
