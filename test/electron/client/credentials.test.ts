import { describe, expect, it } from 'vitest'
import { credentialFromEnvironment } from '../../../electron/client/credentials'

describe('credentialFromEnvironment', () => {
  it.each([
    [{}, undefined],
    [{ BACALHAU_API_KEY: 'k' }, { scheme: 'Bearer', value: 'k' }],
    [
      { BACALHAU_API_KEY: 'k', SHOAL_API_KEY: 's' },
      { scheme: 'Bearer', value: 's' },
    ],
    [
      { BACALHAU_API_USERNAME: 'ann', BACALHAU_API_PASSWORD: 'pw' },
      { scheme: 'Basic', value: Buffer.from('ann:pw').toString('base64') },
    ],
  ])('%j', (env, credential) => {
    expect(credentialFromEnvironment(env)).toEqual(credential)
  })

  it.each([
    [{ BACALHAU_API_KEY: 'secret-key', BACALHAU_API_USERNAME: 'ann' }, /Both/],
    [{ BACALHAU_API_USERNAME: 'ann' }, /API_PASSWORD is not/],
    [{ BACALHAU_API_PASSWORD: 'secret-key' }, /API_USERNAME is not/],
  ])('refuses %j without repeating it', (env, message) => {
    expect(() => credentialFromEnvironment(env)).toThrow(message)
    expect(() => credentialFromEnvironment(env)).not.toThrow('secret-key')
  })
})
