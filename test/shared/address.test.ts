import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { displayAddress, hostPort, parseAddresses, type NatsAddress } from '../../shared/address'
import { AppError } from '../../shared/errors'

const one = (text: string, defaults?: { requireTls: boolean }): NatsAddress => {
  const [address, ...more] = parseAddresses([text], defaults)
  if (address === undefined || more.length > 0) throw new Error(`${text} is not one address`)
  return address
}
const refusal = (entries: readonly string[]): AppError => {
  try {
    parseAddresses(entries)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error(`${entries.join()} was taken`)
}

describe('parseAddresses', () => {
  it.each<[string, NatsAddress]>([
    ['host', { scheme: 'nats', host: 'host', port: 4222 }],
    ['host:5222', { scheme: 'nats', host: 'host', port: 5222 }],
    [' HOST.Example.org/ ', { scheme: 'nats', host: 'host.example.org', port: 4222 }],
    ['TOKEN@host', { scheme: 'nats', host: 'host', port: 4222, token: 'TOKEN' }],
    ['nats://TOKEN@host:4222', { scheme: 'nats', host: 'host', port: 4222, token: 'TOKEN' }],
    ['nats://u:p@host', { scheme: 'nats', host: 'host', port: 4222, user: 'u', password: 'p' }],
    ['nats://u:@host', { scheme: 'nats', host: 'host', port: 4222, user: 'u', password: '' }],
    ['tls://host', { scheme: 'tls', host: 'host', port: 4222 }],
    ['TLS://host:1', { scheme: 'tls', host: 'host', port: 1 }],
    ['ws://TOKEN@host', { scheme: 'ws', host: 'host', port: 80, token: 'TOKEN' }],
    ['wss://host', { scheme: 'wss', host: 'host', port: 443 }],
    ['wss://host:8443/nats/', { scheme: 'wss', host: 'host', port: 8443, path: '/nats' }],
    ['localhost:', { scheme: 'nats', host: 'localhost', port: 4222 }],
    ['127.0.0.1:65535', { scheme: 'nats', host: '127.0.0.1', port: 65535 }],
    ['[::1]', { scheme: 'nats', host: '::1', port: 4222 }],
    ['nats://TOKEN@[2001:DB8::1]:4223', { scheme: 'nats', host: '2001:db8::1', port: 4223, token: 'TOKEN' }],
    ['::1', { scheme: 'nats', host: '::1', port: 4222 }],
    ['nats://fe80::1%eth0', { scheme: 'nats', host: 'fe80::1%eth0', port: 4222 }],
    ['::ffff:10.0.0.1', { scheme: 'nats', host: '::ffff:10.0.0.1', port: 4222 }],
    ['a%40b%3Ac@host', { scheme: 'nats', host: 'host', port: 4222, token: 'a@b:c' }],
    ['to/k@en==@host', { scheme: 'nats', host: 'host', port: 4222, token: 'to/k@en==' }],
    ['100%@host', { scheme: 'nats', host: 'host', port: 4222, token: '100%' }],
    ['my_orchestrator', { scheme: 'nats', host: 'my_orchestrator', port: 4222 }],
    ['bücher.example', { scheme: 'nats', host: 'bücher.example', port: 4222 }],
  ])('%s', (text, address) => {
    expect(one(text)).toEqual(address)
  })

  it('takes lists with commas, blanks and empty parts', () => {
    expect(parseAddresses([' a , b:1,,', '', 'tls://c']).map(displayAddress)).toEqual(['nats://a:4222', 'nats://b:1', 'tls://c:4222'])
    expect(parseAddresses([])).toEqual([])
    expect(parseAddresses(['', ' , '])).toEqual([])
  })

  it('means tls:// by an address without a scheme when TLS is required', () => {
    expect(one('host', { requireTls: true }).scheme).toBe('tls')
    expect(one('nats://host', { requireTls: true }).scheme).toBe('nats')
  })

  it.each([
    'http://host',
    'nats://',
    'nats://TOKEN@',
    'host:0',
    'host:65536',
    'host:port',
    'host:1:2',
    '[::1',
    '[host]:4222',
    '[::1]4222',
    '1::2::3',
    '12345::',
    ':4222',
    'two words',
    'host..example',
    '-host',
    'host/path',
    'ws://host/a?b',
    'nats://::ffff:300.0.0.1',
  ])('refuses %j', (text) => {
    expect(refusal([text])).toMatchObject({ code: 'address.invalid', hint: expect.stringContaining('TOKEN@HOST') as string })
  })

  it('refuses WebSocket and TCP in one list', () => {
    const error = refusal(['ws://secret@a', 'b'])
    expect(error.code).toBe('address.mixed')
    expect(error.message).toContain('ws://a:80')
    expect(error.message).toContain('nats://b:4222')
    expect(error.message).not.toContain('secret')
  })
})

const scheme = fc.constantFrom('nats', 'tls', 'ws', 'wss')
const host = fc.oneof(
  fc.domain(),
  fc.ipV4(),
  fc.ipV6().map((address) => `[${address}]`),
)
const secret = fc.string({ minLength: 12, maxLength: 40 }).filter((text) => /^[^\s,]+$/.test(text))

describe('addresses, for any input', () => {
  it('written in full are read as they were written', () => {
    fc.assert(
      fc.property(scheme, host, fc.integer({ min: 1, max: 65535 }), fc.option(secret), (aScheme, aHost, port, token) => {
        const text = `${aScheme}://${token === null ? '' : `${encodeURIComponent(token)}@`}${aHost}:${port}`
        const address = one(text)
        expect(displayAddress(address)).toBe(`${aScheme}://${aHost.toLowerCase()}:${port}`)
        expect(address.token).toBe(token ?? undefined)
        expect(parseAddresses([displayAddress(address)])).toEqual([{ scheme: address.scheme, host: address.host, port }])
      }),
    )
  })

  it('are read or refused with an AppError', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.webUrl(), host, secret)), (entries) => {
        try {
          for (const address of parseAddresses(entries)) {
            expect(address.port).toBeGreaterThan(0)
            expect(address.host).not.toBe('')
            expect(hostPort(address)).toMatch(/:\d+$/)
          }
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('never show a token, neither when they are right nor when they are wrong', () => {
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom('host', 'host:0', '', 'two words', '[::', 'host:1:2', 'host/path'),
        fc.constantFrom('', 'nats://', 'http://'),
        (token, rest, prefix) => {
          const secretText = `XX${token}YY`
          const text = `${prefix}${secretText}@${rest}`
          let shown: string
          try {
            shown = parseAddresses([text]).map(displayAddress).join()
          } catch (error) {
            if (!(error instanceof AppError)) throw error
            shown = `${error.message} ${error.hint ?? ''} ${JSON.stringify(error.details ?? {})}`
          }
          expect(shown).not.toContain(secretText)
        },
      ),
    )
  })
})
