import type { Refusal } from '../../shared/http/feed'

/** What the gate tells of one refusal. */
export type RefusalNotice = Pick<Refusal, 'at' | 'node' | 'host' | 'reason' | 'fingerprint'>

/** Groups kept; beyond, the one that has been quiet longest is dropped. A scan of the port must not fill the memory. */
const KEPT = 200
const LONGEST_NAME = 128

interface RefusalLog {
  /** Counts a refusal and returns its group as it is now. */
  add(notice: RefusalNotice): Refusal
  /** The newest first. */
  list(): Refusal[]
}

/** Refusals grouped by node, host and reason: a node that keeps trying is one line with a count. */
export function createRefusalLog(): RefusalLog {
  const groups = new Map<string, Refusal>()
  return {
    add: (notice) => {
      const group = { ...notice, node: printable(notice.node), host: printable(notice.host) }
      const key = JSON.stringify([group.node, group.host, group.reason])
      const refusal: Refusal = { ...group, count: (groups.get(key)?.count ?? 0) + 1 }
      groups.delete(key)
      groups.set(key, refusal)
      const oldest = groups.keys().next()
      if (groups.size > KEPT && oldest.done !== true) groups.delete(oldest.value)
      return refusal
    },
    list: () => [...groups.values()].reverse(),
  }
}

/** Strangers choose their names: no control characters, no end of it. */
function printable(text: string): string {
  return text.replace(/\p{C}/gu, '�').slice(0, LONGEST_NAME)
}
