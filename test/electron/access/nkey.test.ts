import { describe, expect, it } from 'vitest'
import { encodeNkey, issuerOf, newIssuer } from '../../../electron/access/nkey'
import { rawPublicKeyOf } from './nkey-decode'

describe('encodeNkey', () => {
  // Made with nats-io's own nkeys library.
  it('writes keys as NATS does', () => {
    expect(encodeNkey('user', Buffer.from('ef4e44524b72e440f96dae7bba237c6666a40701cb1365a42244f84e7a67dab1', 'hex'))).toBe(
      'UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4',
    )
  })

  it.each([
    ['account', 'A'],
    ['user', 'U'],
    ['server', 'N'],
  ] as const)('begins a key of the kind %s with %s', (kind, letter) => {
    expect(encodeNkey(kind, new Uint8Array(32))[0]).toBe(letter)
  })
})

describe('issuerOf', () => {
  it('derives the account key of a seed as NATS does', () => {
    // SAAOQW4NHSP7GE7XFOC7PMLBA34P4C3SWFGPPQSJHKZWNWJUNF5SPFUBUY
    const seed = Buffer.from('e85b8d3c9ff313f72b85f7b16106f8fe0b72b14cf7c2493ab366d934697b2796', 'hex')
    expect(issuerOf(seed).publicKey).toBe('AARAX5MSMASTPBG7F5U45BSIYFABSCXTWD33DY4PWQBU3AQRKDMTUNL6')
  })

  it('makes another issuer each time', () => {
    expect(newIssuer().publicKey).not.toBe(newIssuer().publicKey)
    expect(rawPublicKeyOf(newIssuer().publicKey)).toHaveLength(32)
  })
})
