import { describe, expect, it } from 'vitest'
import { chooseLogin, loginFields } from '../../../../electron/transport/connection/login'

const address = { scheme: 'nats', host: 'a', port: 4222 } as const

describe('chooseLogin', () => {
  it('lets the address beat the configuration', () => {
    const configured = { kind: 'token', token: () => 'configured' } as const
    expect(chooseLogin({ ...address, token: 'own' }, configured)).toEqual({ kind: 'token', token: 'own' })
    expect(chooseLogin({ ...address, user: 'u', password: 'p' }, configured)).toEqual({ kind: 'user', user: 'u', password: 'p' })
    expect(chooseLogin({ ...address, user: 'u' }, configured)).toEqual({ kind: 'user', user: 'u', password: '' })
    expect(chooseLogin(address, configured)).toEqual({ kind: 'token', token: 'configured' })
    expect(chooseLogin(address, { kind: 'user', user: 'u', password: 'p' })).toEqual({ kind: 'user', user: 'u', password: 'p' })
  })

  it('sends nothing without a token, or with an empty one', () => {
    expect(chooseLogin(address, undefined)).toEqual({ kind: 'none' })
    for (const token of [undefined, '']) expect(chooseLogin(address, { kind: 'token', token: () => token })).toEqual({ kind: 'none' })
  })
})

describe('loginFields', () => {
  it('are those of CONNECT', () => {
    expect(loginFields({ kind: 'none' })).toBeUndefined()
    expect(loginFields({ kind: 'token', token: 't' })).toEqual({ auth_token: 't' })
    expect(loginFields({ kind: 'user', user: 'u', password: 'p' })).toEqual({ user: 'u', pass: 'p' })
  })
})
