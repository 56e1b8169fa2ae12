import { describe, expect, it } from 'vitest'
import { diskFull, explainStartFailure, findStoreDamage } from '../../../electron/nats/start-failure'

const context = { host: '10.9.8.7', port: 81, websocketPort: 82, storeDir: '/srv/state' }

/** What nats-server 2.15.1 prints, and what it means. */
const failures: readonly (readonly [string, string, RegExp])[] = [
  ['[7] [FTL] Error listening on port: 10.9.8.7:81, "listen tcp 10.9.8.7:81: bind: permission denied"', 'port.forbidden', /port 81/],
  ['[7] [FTL] Unable to listen for websocket connections: listen tcp 10.9.8.7:82: bind: permission denied', 'port.forbidden', /port 82/],
  [
    '[7] [FTL] Error listening on port: 10.9.8.7:81, "listen tcp 10.9.8.7:81: bind: cannot assign requested address"',
    'address.not-here',
    /10\.9\.8\.7/,
  ],
  ['[7] [FTL] Error listening on port: x y:81, "listen tcp: lookup x y: no such host"', 'address.not-here', /no address/],
  [
    'nats-server: /run/nats-server.conf:4:1: error parsing X509 certificate/key pair: open /nope: no such file or directory',
    'nats.tls-files',
    /open \/nope/,
  ],
  [
    '[7] [FTL] Error setting server INFO with ClientAdvertise value of a b:c, err=strconv.Atoi: parsing "c": invalid syntax',
    'nats.advertise',
    /Advertise/,
  ],
  [
    "[7] [FTL] Can't start JetStream: could not create storage directory - mkdir /srv/state: permission denied",
    'nats.store-unwritable',
    /\/srv\/state/,
  ],
  ["[7] [FTL] Can't start JetStream: could not create storage directory - mkdir /srv/state: no space left on device", 'disk.full', /\/srv\/state/],
  ["[7] [FTL] Can't start JetStream: something new", 'nats.store-unusable', /something new/],
  ['panic: something else', 'nats.start-failed', /something else/],
]

describe('explainStartFailure', () => {
  it.each(failures)('%s', (line, code, message) => {
    const error = explainStartFailure(['[7] [INF] Starting nats-server', line], 'exit code 1', context)
    expect(error).toMatchObject({ code, hint: expect.any(String) as string })
    expect(error.message).toMatch(message)
  })

  it('has something to say of a server that said nothing', () => {
    expect(explainStartFailure([], 'signal SIGKILL', context)).toMatchObject({
      code: 'nats.start-failed',
      message: expect.stringContaining('signal SIGKILL') as string,
    })
  })
})

describe('findStoreDamage', () => {
  it.each([
    ['[7] [WRN]   Stream metafile "/srv/state/meta.inf": checksums do not match "56" vs "a2"', true],
    ['[7] [WRN]   Missing stream checksum file "/srv/state/meta.sum"', true],
    // After every kill: the index is made anew from the records.
    ['[7] [WRN] Filestore [ledger] Stream state outdated, last block has additional entries, will rebuild', false],
    ['[7] [WRN] Filestore [ledger] Stream state too short (2 bytes)', false],
  ])('%s: %s', (line, damaged) => {
    expect(findStoreDamage(['[7] [INF] Starting JetStream', line]) !== undefined).toBe(damaged)
  })
})

describe('diskFull', () => {
  it('says how much is left', () => {
    expect(diskFull('/srv/state', 3_500_000).message).toContain('3 MiB')
  })
})
