import { useEffect, useState } from 'react'
import type { TokenEffect } from '../../shared/cluster'
import { toFailure, type Failure } from '../../shared/errors'
import { call } from '../ipc'

/** A token is weighed when the typing rests. */
const REST_MS = 120

/** Strength, fingerprint and effects of a token that may be set; undefined while it is weighed. */
export function useTokenEffect(clusterId: string, token: string): readonly [TokenEffect | undefined, Failure | undefined] {
  const [told, setTold] = useState<{ readonly token: string; readonly effect?: TokenEffect; readonly failure?: Failure }>()
  useEffect(() => {
    let current = true
    const timer = setTimeout(() => {
      call('access.weigh', { clusterId, token }).then(
        (effect) => current && setTold({ token, effect }),
        (error: unknown) => current && setTold({ token, failure: toFailure(error) }),
      )
    }, REST_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [clusterId, token])
  return told?.token === token ? [told.effect, told.failure] : [undefined, undefined]
}
