import type { NodeShare } from '../../../shared/cluster'
import { AppError } from '../../../shared/errors'
import { formatBytes } from '../../../shared/quantity'
import { allocate, type Machine } from '../../compute/machine/allocation'
import { divide, type Capacity } from '../divide-capacity'

/** What this machine gives to jobs at all: Bacalhau's default part of it. */
export function machineAllocation(machine: Machine): Capacity {
  const { CPU = 0, Memory = 0, Disk = 0 } = allocate(machine, { CPU: '80%', Memory: '80%', Disk: '80%', GPU: '100%' })
  return { CPU, Memory, Disk }
}

/** What a node was given. Cores, bytes. */
interface NamedShare extends Capacity {
  readonly name: string
}

/**
 * What each node of a cluster has, and what new ones would get beside them and the nodes of other clusters on this machine.
 * Throws `node.too-little-left`, which says how many would still fit.
 */
export function previewShares(machine: Capacity, own: readonly NamedShare[], others: readonly Capacity[], names: readonly string[]): NodeShare {
  const division = divide(machine, [...own, ...others], names.length)
  if (division.kind === 'too-little') throw tooLittle(division.left, division.fit, names.length)
  return {
    machine,
    perNode: [...own.map((share) => ({ ...share, isNew: false })), ...names.map((name) => ({ name, ...division.each, isNew: true }))],
  }
}

function tooLittle(left: Capacity, fit: number, wanted: number): AppError {
  const what = `${left.CPU} CPU and ${formatBytes(left.Memory)} of this machine are not given to a node yet, too little for ${wanted === 1 ? 'one more' : `${wanted} more`}.`
  return new AppError('node.too-little-left', what, {
    hint: fit >= 1 ? `Add ${fit} at most.` : 'Remove a node of this machine first, or lower its share in its configuration.',
    details: { fit: String(Math.max(0, fit)) },
  })
}
