import { describe, expect, it } from 'vitest'
import { parseAddresses } from '../../../../shared/address'
import {
  classifyFailure,
  firstConnectError,
  type ConnectFailure,
  type FailedAttempt,
} from '../../../../electron/transport/connection/connect-failure'

const withCode = (code: string, message = 'text'): Error => Object.assign(new Error(message), { code })

describe('classifyFailure', () => {
  it.each<[string, unknown, ConnectFailure['kind'], RegExp]>([
    ['a refused port', new Error('connection refused', { cause: withCode('ECONNREFUSED') }), 'unreachable', /nothing listens/],
    ['an unknown host', withCode('ENOTFOUND'), 'unreachable', /host name is not known/],
    ['a wrong token, as nats-core tells it', new Error("'Authorization Violation'"), 'refused', /refused the login/],
    ['a wrong token, as nats.ws tells it', withCode('AUTHORIZATION_VIOLATION', 'x'), 'refused', /refused the login/],
    ['a gate that does not answer', new Error("'Authentication Timeout'"), 'silent', /did not decide about the login/],
    ['an expired certificate', withCode('CERT_HAS_EXPIRED'), 'tls', /has expired/],
    ['an unknown authority', Object.assign(new Error('x'), { chainedError: withCode('SELF_SIGNED_CERT_IN_CHAIN') }), 'tls', /not trusted here/],
    ['a broken handshake', withCode('EPROTO'), 'tls', /handshake failed/],
    ['no TLS at all', new Error("server does not support 'tls'"), 'tls', /does not offer TLS/],
    ['a timeout', new Error('timeout'), 'silent', /did not answer in time/],
    ['nothing at all', undefined, 'unreachable', /closed during the greeting/],
    ['a text', 'something', 'unreachable', /closed during the greeting/],
    ['something new', new Error('never seen'), 'unreachable', /never seen/],
  ])('%s', (_what, error, kind, reason) => {
    const failure = classifyFailure(error)
    expect(failure.kind).toBe(kind)
    expect(failure.reason).toMatch(reason)
  })

  it('does not go in circles', () => {
    const one = new Error('one')
    one.cause = one
    expect(classifyFailure(one).reason).toBe('one')
  })
})

describe('firstConnectError', () => {
  const attempt = (address: string, kind: ConnectFailure['kind']): FailedAttempt => {
    const [parsed] = parseAddresses([address])
    if (parsed === undefined) throw new Error('no address')
    return { address: parsed, login: { kind: 'token', token: 's3cret' }, failure: { kind, reason: `it is ${kind}` } }
  }

  it('tells of a refused login before all else, then of TLS, and names every server', () => {
    const unreachable = attempt('a', 'unreachable')
    expect(firstConnectError([unreachable, attempt('b', 'tls'), attempt('c', 'refused')], false).code).toBe('nats.refused')
    expect(firstConnectError([unreachable, attempt('b', 'tls')], false).code).toBe('nats.tls')
    const error = firstConnectError([unreachable, attempt('b', 'unreachable')], false)
    expect(error.code).toBe('nats.unreachable')
    expect(error.message).toBe('No NATS server could be reached: nats://a:4222: it is unreachable; nats://b:4222: it is unreachable.')
  })

  it('tells one who took the port of the API for that of NATS', () => {
    expect(firstConnectError([attempt('a:1234', 'silent')], false).hint).toMatch(/has its HTTP API.*4222/)
    expect(firstConnectError([attempt('a:4222', 'silent')], false).hint).not.toMatch(/API/)
  })

  it('never tells the token', () => {
    const error = firstConnectError([attempt('t0ken@a', 'refused'), attempt('b', 'tls')], true)
    expect(`${error.message} ${error.hint ?? ''}`).not.toMatch(/t0ken|s3cret/)
  })
})
