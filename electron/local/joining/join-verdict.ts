import type { Failure } from '../../../shared/errors'
import type { Clock } from '../../process/clock'
import type { SupervisedHost } from '../hosts/supervised-host'

/** How a node's first try to join came out. */
type JoinVerdict = { readonly kind: 'joined' } | { readonly kind: 'failed'; readonly failure: Failure }

/** The verdict as it stands, undefined while it is open. The first obstacle counts: somebody waits who can do something about it. */
export function joinVerdict({ state, connection }: Pick<SupervisedHost, 'state' | 'connection'>): JoinVerdict | undefined {
  if (connection?.kind === 'connected' && connection.lastHeartbeatAt !== undefined) return { kind: 'joined' }
  if (state.kind === 'failed' || state.kind === 'waiting') return { kind: 'failed', failure: state.failure }
  if (connection?.kind !== 'waiting') return undefined
  const { code, message, hint } = connection
  return { kind: 'failed', failure: { code, message, ...(hint === undefined ? {} : { hint }) } }
}

interface Waiting {
  readonly onChange: (listener: () => void) => () => void
  readonly clock: Clock
  readonly limitMs: number
  readonly signal: AbortSignal
}

/** Waits for the verdict, looking again at every change. Without one in time the node counts as failed; rejects when it is called off. */
export async function waitForVerdict(host: SupervisedHost, { onChange, clock, limitMs, signal }: Waiting): Promise<JoinVerdict> {
  const done = new AbortController()
  const off = onChange(() => look())
  let look: () => void = () => undefined
  try {
    return await new Promise<JoinVerdict>((resolve, reject) => {
      look = () => {
        const verdict = joinVerdict(host)
        if (verdict !== undefined) resolve(verdict)
      }
      const late: Failure = { code: 'node.not-joined', message: `The node did not join within ${limitMs / 1000} s.`, hint: 'Try again.' }
      void clock.sleep(limitMs, done.signal).then(() => resolve({ kind: 'failed', failure: late }))
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
      look()
    })
  } finally {
    done.abort()
    off()
  }
}
