import type { NatsAddress } from '../../../shared/address'
import type { Credentials, Login } from './connection'

/** What to log in with at an address: its own userinfo beats the configured credentials (as nats.go); an empty token is none. */
export function chooseLogin(address: NatsAddress, credentials: Credentials | undefined): Login {
  if (address.token !== undefined) return { kind: 'token', token: address.token }
  if (address.user !== undefined) return { kind: 'user', user: address.user, password: address.password ?? '' }
  if (credentials === undefined) return { kind: 'none' }
  if (credentials.kind === 'user') return credentials
  const token = credentials.token()
  return token === undefined || token === '' ? { kind: 'none' } : { kind: 'token', token }
}

/** The fields of CONNECT, in the form both libraries merge in. */
export function loginFields(login: Login): { auth_token: string } | { user: string; pass: string } | undefined {
  switch (login.kind) {
    case 'none':
      return undefined
    case 'token':
      return { auth_token: login.token }
    case 'user':
      return { user: login.user, pass: login.password }
  }
}
