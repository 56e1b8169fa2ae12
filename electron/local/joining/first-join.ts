import type { Clock } from '../../process/clock'
import type { SupervisedHost } from '../hosts/supervised-host'

/** How a start's compute nodes came out: one has joined, none can, or none has within the time. */
type FirstJoin = { readonly kind: 'joined' } | { readonly kind: 'refused' | 'late'; readonly message: string }

/** What a host of a compute node says of its joining, as far as it goes. */
function standing(host: SupervisedHost): 'joined' | 'failed' | 'on-the-way' {
  if (host.state.kind === 'failed' || host.state.kind === 'stopped') return 'failed'
  return host.connection?.kind === 'connected' && host.connection.lastHeartbeatAt !== undefined ? 'joined' : 'on-the-way'
}

/** Why a host has not joined, for people. */
function obstacle(name: string, host: SupervisedHost): string {
  if (host.state.kind === 'failed' || host.state.kind === 'waiting') return host.state.failure.message
  return host.connection?.kind === 'waiting' ? host.connection.message : `${name} has not joined yet.`
}

/** The outcome as it stands, undefined while it is open. */
function firstJoin(hosts: ReadonlyMap<string, SupervisedHost>, isLate: boolean): FirstJoin | undefined {
  const all = [...hosts]
  if (all.length === 0 || all.some(([, host]) => standing(host) === 'joined')) return { kind: 'joined' }
  const refused = all.every(([, host]) => standing(host) === 'failed')
  if (!refused && !isLate) return undefined
  const [name, host] = all[0] ?? []
  const message = name === undefined || host === undefined ? '' : obstacle(name, host)
  return { kind: refused ? 'refused' : 'late', message }
}

/** Waits for the outcome, looking again at every change. */
export async function waitForFirstJoin(
  hosts: ReadonlyMap<string, SupervisedHost>,
  {
    onChange,
    clock,
    limitMs,
    signal,
  }: { readonly onChange: (listener: () => void) => () => void; readonly clock: Clock; readonly limitMs: number; readonly signal: AbortSignal },
): Promise<FirstJoin> {
  const done = new AbortController()
  const stopWaiting = AbortSignal.any([signal, done.signal])
  try {
    return await new Promise<FirstJoin>((resolve) => {
      const look = (isLate: boolean): void => {
        const outcome = firstJoin(hosts, isLate)
        if (outcome !== undefined) resolve(outcome)
      }
      const off = onChange(() => look(false))
      done.signal.addEventListener('abort', off)
      void clock.sleep(limitMs, stopWaiting).then(() => look(true))
      look(false)
    })
  } finally {
    done.abort()
  }
}
