import { useEffect, useState } from 'react'
import type { Access, Cluster } from '../../../shared/cluster'
import { toFailure, type Failure } from '../../../shared/errors'
import { call } from '../../ipc'

type AccessState =
  { readonly kind: 'reading' } | { readonly kind: 'known'; readonly access: Access } | { readonly kind: 'failed'; readonly failure: Failure }

/** What changes access: where the cluster listens, and who is in it. */
function situation(cluster: Cluster): string {
  return JSON.stringify([cluster.id, cluster.phase.kind, cluster.reach, cluster.localNodes.length])
}

/** Who may join the cluster and how. Asked again when the cluster's situation changed, or `version` did. */
export function useAccess(cluster: Cluster, version: number): AccessState {
  const [state, setState] = useState<AccessState>({ kind: 'reading' })
  const asked = situation(cluster)
  const { id } = cluster
  useEffect(() => {
    let current = true
    call('access.get', { clusterId: id }).then(
      (access) => current && setState({ kind: 'known', access }),
      (error: unknown) => current && setState({ kind: 'failed', failure: toFailure(error) }),
    )
    return () => {
      current = false
    }
  }, [id, asked, version])
  return state.kind === 'known' && state.access.clusterId !== id ? { kind: 'reading' } : state
}
