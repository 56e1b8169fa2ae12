import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide, NAMELESS, nodePermissions, readRequest, type AuthorizationRequest } from '../../../electron/access/authorization'
import { fingerprint } from '../../../electron/access/tokens'

const asked: AuthorizationRequest = { serverId: 'NSERVER', userNkey: 'UCONNECTION', host: '10.0.0.7', token: 'right', name: 'n-1' }

describe('decide', () => {
  it('admits the right token to the subjects of the node it names', () => {
    expect(decide(asked, ['other', 'right'])).toEqual({ kind: 'admit', name: 'n-1', permissions: nodePermissions('n-1') })
  })

  it('refuses a wrong token with its fingerprint, and a missing one', () => {
    expect(decide({ ...asked, token: 'wrong' }, ['right'])).toEqual({ kind: 'refuse', reason: 'wrong-token', fingerprint: fingerprint('wrong') })
    expect(decide({ ...asked, token: '' }, ['right'])).toEqual({ kind: 'refuse', reason: 'no-token' })
  })

  it('lets nobody in when there are no tokens, and everybody when it is open', () => {
    expect(decide(asked, []).kind).toBe('refuse')
    for (const token of ['', 'whatever']) expect(decide({ ...asked, token }, 'open')).toMatchObject({ kind: 'admit', name: 'n-1' })
  })

  it('gives a connection without a name no subjects of any node', () => {
    const decision = decide({ ...asked, name: '' }, ['right'])
    expect(decision).toEqual({ kind: 'admit', name: NAMELESS, permissions: { publish: ['_INBOX.>'], subscribe: ['_INBOX.>'] } })
  })

  it.each(['a.b', '*', '>', 'n 1', 'n\n1', 'n\u00001', 'é', 'x'.repeat(129)])('refuses the name %j, also from an open cluster', (name) => {
    expect(decide({ ...asked, name }, ['right'])).toEqual({ kind: 'refuse', reason: 'bad-name' })
    expect(decide({ ...asked, name }, 'open')).toEqual({ kind: 'refuse', reason: 'bad-name' })
  })

  it('tells a stranger nothing about names', () => {
    expect(decide({ ...asked, name: 'a.b', token: 'wrong' }, ['right'])).toMatchObject({ reason: 'wrong-token' })
  })

  it('never grants a subject of another node, whatever the name', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.stringMatching(/^[-_a-zA-Z0-9/=.*> ]{1,20}$/)), (name) => {
        const decision = decide({ ...asked, name }, 'open')
        if (decision.kind === 'refuse') return
        const { publish, subscribe } = decision.permissions
        for (const subject of [...publish, ...subscribe].filter((granted) => !/^_(SINBOX|INBOX|HEARTBEAT)/.test(granted))) {
          const [id] = subject.split('.').slice(subject.startsWith('bacalhau') ? 3 : 2)
          expect(id).toBe(name)
          expect(subject.split('.').slice(0, -1)).not.toContain('*')
        }
      }),
    )
  })
})

describe('readRequest', () => {
  it('reads what nats-server sends, and takes what it leaves out as empty', () => {
    const nats = {
      server_id: { id: 'NSERVER' },
      user_nkey: 'UCONNECTION',
      client_info: { host: '10.0.0.7' },
      connect_opts: { auth_token: 'right', name: 'n-1', protocol: 1 },
    }
    expect(readRequest({ nats })).toEqual(asked)
    expect(readRequest({ nats: { ...nats, connect_opts: { protocol: 1 } } })).toEqual({ ...asked, token: '', name: '' })
  })

  it('knows what cannot be answered, and throws on nothing', () => {
    fc.assert(
      fc.property(fc.anything(), (claims) => {
        expect(readRequest(claims)).toBeUndefined()
      }),
    )
    expect(readRequest({ nats: { server_id: { id: 7 }, user_nkey: 'U' } })).toBeUndefined()
  })
})
