import { AppError } from '../../shared/errors'

/** What a client shows in its `Authorization` header. */
export interface Credential {
  readonly scheme: 'Bearer' | 'Basic'
  readonly value: string
}

/**
 * The credential in the environment: an API key, or a user name with a password. `SHOAL_*` win over `BACALHAU_*`.
 * Throws `client.bad-credentials` for a mixture or half a pair.
 */
export function credentialFromEnvironment(env: Readonly<Record<string, string | undefined>>): Credential | undefined {
  const read = (name: string): string => env[`SHOAL_${name}`] || env[`BACALHAU_${name}`] || ''
  const key = read('API_KEY')
  const user = read('API_USERNAME')
  const password = read('API_PASSWORD')
  if (key !== '' && (user !== '' || password !== '')) {
    throw new AppError('client.bad-credentials', 'Both an API key and a user name or password are set in the environment.', {
      hint: 'Unset BACALHAU_API_KEY, or BACALHAU_API_USERNAME and BACALHAU_API_PASSWORD.',
    })
  }
  if ((user === '') !== (password === '')) {
    const [has, lacks] = user === '' ? ['PASSWORD', 'USERNAME'] : ['USERNAME', 'PASSWORD']
    throw new AppError('client.bad-credentials', `BACALHAU_API_${has} is set and BACALHAU_API_${lacks} is not.`, { hint: 'Set both or neither.' })
  }
  if (key !== '') return { scheme: 'Bearer', value: key }
  return user === '' ? undefined : { scheme: 'Basic', value: Buffer.from(`${user}:${password}`).toString('base64') }
}
