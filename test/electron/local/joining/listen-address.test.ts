import { expect, test } from 'vitest'
import {
  checkShareAddress,
  isHere,
  isThisMachineOnly,
  localAddressOf,
  networkChoices,
  type NetworkInterfaces,
} from '../../../../electron/local/joining/listen-address'
import { joinAddress } from '../../../../electron/local/joining/join-address'

const base = { netmask: '', mac: '', cidr: null }
const interfaces: NetworkInterfaces = {
  lo: [{ ...base, address: '127.0.0.1', family: 'IPv4', internal: true }],
  wlan0: [{ ...base, address: '192.168.1.20', family: 'IPv4', internal: false }],
  tailscale0: [
    { ...base, address: '100.84.12.7', family: 'IPv4', internal: false },
    { ...base, address: 'fe80::9', family: 'IPv6', internal: false, scopeid: 3 },
  ],
}

test('offers each address of the machine on a network, and all of them', () => {
  expect(networkChoices(interfaces)).toEqual([
    { address: '192.168.1.20', label: 'wlan0' },
    { address: '100.84.12.7', label: 'tailscale0' },
    { address: '0.0.0.0', label: 'all 2 addresses of this machine' },
  ])
  expect(networkChoices({ lo: interfaces['lo'] })).toEqual([])
})

test.each(['127.0.0.1', '127.8.8.8', '::1', 'localhost'])('%s reaches this machine only', (host) => {
  expect(isThisMachineOnly(host)).toBe(true)
  expect(() => checkShareAddress(host, interfaces)).toThrow(/this machine only/)
})

test('an address of another machine is refused, with those that would do', () => {
  expect(() => checkShareAddress('192.168.1.21', interfaces)).toThrow(
    expect.objectContaining({ code: 'address.not-here', hint: expect.stringContaining('192.168.1.20') as string }) as Error,
  )
  expect(() => checkShareAddress('0.0.0.0', interfaces)).not.toThrow()
  expect(isHere('192.168.1.21', interfaces)).toBe(false)
  expect(isHere('::', interfaces)).toBe(true)
})

test('own nodes dial an address that answers here', () => {
  expect(localAddressOf('0.0.0.0')).toBe('127.0.0.1')
  expect(joinAddress({ host: '192.168.1.20', port: 4223 })).toBe('nats://192.168.1.20:4223')
  expect(joinAddress({ host: '2001:db8::7', port: 4222 })).toBe('nats://[2001:db8::7]:4222')
})
