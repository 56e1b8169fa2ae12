import { useCallback, useState } from 'react'
import { toFailure, type Failure } from '../../shared/errors'
import { call } from '../ipc'

/** A token to be chosen: its text, a way to type it, a way to have one made, and why none could be made. */
export function useGeneratedToken(): readonly [token: string, setToken: (token: string) => void, generate: () => void, failure: Failure | undefined] {
  const [token, setToken] = useState('')
  const [failure, setFailure] = useState<Failure>()
  const generate = useCallback(() => {
    call('access.generate').then(
      (made) => {
        setToken(made.token)
        setFailure(undefined)
      },
      (error: unknown) => setFailure(toFailure(error)),
    )
  }, [])
  return [token, setToken, generate, failure]
}
