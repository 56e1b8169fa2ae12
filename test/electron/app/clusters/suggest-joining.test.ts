import { describe, expect, it } from 'vitest'
import { knownJoining, readJoiningForm, suggestJoining } from '../../../../electron/app/clusters/suggest-joining'

describe('suggestJoining', () => {
  const port = { host: '0.0.0.0', port: 4300, tokenNeeded: true }

  it('takes the host of the API and the port that it tells', () => {
    expect(suggestJoining('http://far.example:1234', port)).toEqual({
      addresses: ['nats://far.example:4300'],
      source: 'orchestrator',
      tokenNeeded: true,
      outOfReach: false,
    })
    expect(suggestJoining('http://[fd00::7]:1234', { ...port, host: '::' }).addresses).toEqual(['nats://[fd00::7]:4300'])
    expect(suggestJoining('http://localhost:1234', { ...port, host: '127.0.0.1' })).toMatchObject({
      addresses: ['nats://127.0.0.1:4300'],
      outOfReach: false,
    })
  })

  it('believes an advertised address, and one that is not everywhere, more', () => {
    expect(suggestJoining('http://far.example:1234', { ...port, advertised: 'gate.example:4222' }).addresses).toEqual(['nats://gate.example:4222'])
    expect(suggestJoining('http://127.0.0.1:1234', { ...port, host: '192.0.2.7' }).addresses).toEqual(['nats://192.0.2.7:4300'])
  })

  it('says when the port is open to the other machine only', () => {
    expect(suggestJoining('http://far.example:1234', { ...port, host: '127.0.0.1' })).toMatchObject({ outOfReach: true })
  })

  it('guesses, and says so, where nothing is told', () => {
    expect(suggestJoining('https://far.example', undefined)).toEqual({
      addresses: ['nats://far.example:4222'],
      source: 'guess',
      tokenNeeded: undefined,
      outOfReach: false,
    })
  })
})

describe('readJoiningForm', () => {
  const known = { orchestrators: ['nats://old:4222'], token: 'old-token' }

  it('takes addresses in every form of Bacalhau, and the token out of them', () => {
    expect(readJoiningForm('far.example, nats://b:4300', 'tok', undefined)).toEqual({
      orchestrators: ['nats://far.example:4222', 'nats://b:4300'],
      token: 'tok',
    })
    expect(readJoiningForm('s3cret@far.example', undefined, undefined)).toEqual({ orchestrators: ['nats://far.example:4222'], token: 's3cret' })
    expect(readJoiningForm('nats://me:pw@far.example', undefined, undefined)).toEqual({ orchestrators: ['nats://me:pw@far.example'], token: '' })
  })

  it('keeps the token that is known, unless another is given', () => {
    expect(readJoiningForm('b', undefined, known).token).toBe('old-token')
    expect(readJoiningForm('b', 'new', known).token).toBe('new')
    expect(readJoiningForm('b', undefined, { orchestrators: ['in-there@b'], token: '' }).token).toBe('in-there')
  })

  it('refuses what is no address, without saying what may be a token', () => {
    expect(() => readJoiningForm(' , ', undefined, undefined)).toThrow(expect.objectContaining({ code: 'address.missing' }) as Error)
    expect(() => readJoiningForm('s3cret@a:b', undefined, undefined)).toThrow(
      expect.objectContaining({ code: 'address.invalid', message: expect.not.stringContaining('s3cret') as string }) as Error,
    )
  })
})

describe('knownJoining', () => {
  it('shows no secret', () => {
    expect(knownJoining({ orchestrators: ['s3cret@a', 'nats://me:pw@b'], token: '' })).toEqual({
      addresses: ['nats://a:4222', 'nats://b:4222'],
      source: 'nodes',
      tokenNeeded: undefined,
      tokenKnown: true,
      outOfReach: false,
    })
    expect(knownJoining({ orchestrators: ['a'], token: '' }).tokenKnown).toBe(false)
  })
})
