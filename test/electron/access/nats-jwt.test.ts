import { createPublicKey, verify } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { authorizationResponse, readClaims, userJwt, type JwtSigner } from '../../../electron/access/nats-jwt'
import { createSigner, newIssuer } from '../../../electron/access/nkey'
import { rawPublicKeyOf } from './nkey-decode'

const issuer = newIssuer()
const signer: JwtSigner = { issuer, sign: createSigner(issuer), nowSeconds: () => 1_795_000_000 }

function isSigned(jwt: string): boolean {
  const [head, body, signature] = jwt.split('.')
  const key = createPublicKey({
    key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), rawPublicKeyOf(issuer.publicKey)]),
    format: 'der',
    type: 'spki',
  })
  return verify(null, Buffer.from(`${head}.${body}`), key, Buffer.from(signature ?? '', 'base64url'))
}

describe('userJwt', () => {
  it('grants what is given and is signed by the issuer', () => {
    const jwt = userJwt(signer, { userNkey: 'UABC', account: 'NODES', name: 'n-1', permissions: { publish: ['a.>'], subscribe: ['b.>'] } })
    expect(isSigned(jwt)).toBe(true)
    expect(readClaims(jwt)).toMatchObject({
      sub: 'UABC',
      aud: 'NODES',
      name: 'n-1',
      iss: issuer.publicKey,
      iat: 1_795_000_000,
      nats: { type: 'user', version: 2, pub: { allow: ['a.>'] }, sub: { allow: ['b.>'] }, subs: -1, data: -1, payload: -1 },
    })
  })

  it('takes an empty list as nothing, where nats-server would take it as everything', () => {
    const jwt = userJwt(signer, { userNkey: 'UABC', account: 'NODES', name: 'n-1', permissions: { publish: [], subscribe: [] } })
    expect(readClaims(jwt)).toMatchObject({ nats: { pub: { deny: ['>'] }, sub: { deny: ['>'] } } })
  })
})

describe('authorizationResponse', () => {
  it('carries a grant or a reason, for the server that asked', () => {
    const admitted = authorizationResponse(signer, { userNkey: 'UABC', serverId: 'NXYZ', verdict: { kind: 'admit', jwt: 'x.y.z' } })
    expect(isSigned(admitted)).toBe(true)
    expect(readClaims(admitted)).toMatchObject({ sub: 'UABC', aud: 'NXYZ', nats: { jwt: 'x.y.z', type: 'authorization_response', version: 2 } })
    const refused = authorizationResponse(signer, { userNkey: 'UABC', serverId: 'NXYZ', verdict: { kind: 'refuse', reason: 'wrong-token' } })
    expect(readClaims(refused)).toMatchObject({ nats: { error: 'wrong-token' } })
  })
})

describe('readClaims', () => {
  it('reads nothing from garbage', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => readClaims(text)).not.toThrow()
      }),
    )
    expect(readClaims('a.b')).toBeUndefined()
  })
})
