import { useEffect, useState } from 'react'
import type { Preflight } from '../../../shared/cluster'
import { toFailure, type Failure } from '../../../shared/errors'
import { call } from '../../ipc'

/** A name is typed letter by letter: the machine is looked at when the typing rests. */
const REST_MS = 250

type PreflightState =
  | { readonly kind: 'looking'; readonly last: Preflight | undefined }
  | { readonly kind: 'known'; readonly preflight: Preflight }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** What this machine offers for a cluster of that name; undefined asks for a name as well. */
export function usePreflight(name: string | undefined): PreflightState {
  const [state, setState] = useState<PreflightState>({ kind: 'looking', last: undefined })
  useEffect(() => {
    let current = true
    const look = (): void => {
      call('clusters.preflight', name === undefined || name === '' ? {} : { name }).then(
        (preflight) => current && setState({ kind: 'known', preflight }),
        (error: unknown) => current && setState({ kind: 'failed', failure: toFailure(error) }),
      )
    }
    if (name === undefined) look()
    const timer = name === undefined ? undefined : setTimeout(look, REST_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [name])
  return state
}
