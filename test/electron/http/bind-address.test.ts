import { describe, expect, it } from 'vitest'
import { resolveBindAddress } from '../../../electron/http/bind-address'
import type { InterfaceAddress } from '../../../electron/http/bind-address'

const v4 = (address: string, internal = false): InterfaceAddress => ({ address, family: 'IPv4', internal })
const v6 = (address: string): InterfaceAddress => ({ address, family: 'IPv6', internal: false })
const machine = [
  v4('127.0.0.1', true),
  v6('fd00::7'),
  v6('fe80::1'),
  v4('169.254.3.4'),
  v4('172.31.0.9'),
  v4('172.32.0.9'),
  v4('10.0.0.5'),
  v6('2001:db8::1'),
]

describe('API.Host', () => {
  it.each([
    ['any', '0.0.0.0'],
    ['loopback', '127.0.0.1'],
    ['localhost', '127.0.0.1'],
    ['Local', '127.0.0.1'],
    ['private', '172.31.0.9'],
    ['public', '172.32.0.9'],
    ['linklocal', '169.254.3.4'],
    ['192.0.2.1', '192.0.2.1'],
    ['[::1]', '::1'],
    ['node.example', 'node.example'],
  ])('%s stands for %s', (host, address) => {
    expect(resolveBindAddress(host, machine)).toBe(address)
  })

  it('falls back to IPv6 where that is all there is', () => {
    expect(resolveBindAddress('private', [v6('fd00::7')])).toBe('fd00::7')
  })

  it.each(['multicast', 'public'])('%s: says that there is none', (host) => {
    expect(() => resolveBindAddress(host, [v4('127.0.0.1', true), v4('10.0.0.5')])).toThrow(expect.objectContaining({ code: 'api.no-such-address' }))
  })
})
