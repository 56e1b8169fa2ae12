import type { CandidateNode } from './candidate-node'
import { preferred } from './ranker'
import type { Ranker } from './ranker'
import { amountsOf, difference, fitsInto, isNothing, multiple, printAmounts, printBytes, sum } from './resource-arithmetic'
import type { Amounts } from './resource-arithmetic'

/** One job does not ask for more than the node gives to one. */
export const maxJobRanker: Ranker = {
  name: 'max-job',
  prepare: ({ amounts }) => {
    if (isNothing(amounts)) return () => ({ score: 0 })
    return ({ maxJobRequirements }) => {
      const most = amountsOf(maxJobRequirements)
      return fitsInto(amounts, most) ? { score: preferred } : { unsuitable: `job requires ${excess(amounts, most).join(' and ')}` }
    }
  },
}

function excess(asked: Amounts, most: Amounts): string[] {
  const more = (what: string, want: string, have: string): string => `more ${what} (${want}) than the node's capacity for one job (${have})`
  return [
    ...(asked.cpu > most.cpu ? [more('CPU', String(asked.cpu), String(most.cpu))] : []),
    ...(asked.memory > most.memory ? [more('memory', printBytes(asked.memory), printBytes(most.memory))] : []),
    ...(asked.disk > most.disk ? [more('disk', printBytes(asked.disk), printBytes(most.disk))] : []),
    ...(asked.gpu > most.gpu ? [more('GPUs', String(asked.gpu), String(most.gpu))] : []),
  ]
}

/** A node may hold, running and waiting, so many times what it has. */
export const oversubscription = 1.5

/** The node is not given more than it can work off in a while. */
export const capacityRanker: Ranker = {
  name: 'capacity',
  prepare: ({ amounts }) => {
    return ({ max, available, queued }) => {
      const capacity = amountsOf(max)
      if (isNothing(capacity)) return { unsuitable: 'node has not told its capacity' }
      const waiting = amountsOf(queued)
      const used = sum(sum(difference(capacity, amountsOf(available)), waiting), amounts)
      if (fitsInto(used, multiple(capacity, oversubscription))) return { score: 0 }
      const queue = isNothing(waiting) ? '' : ` and queue capacity ${printAmounts(waiting)}`
      return { unsuitable: `node busy with available capacity ${printAmounts(amountsOf(available))}${queue}` }
    }
  },
}

/** How much each resource weighs for a job that asks for nothing. */
const weightsOfNothing: Amounts = { cpu: 0.4, memory: 0.3, disk: 0.2, gpu: 0.1 }
const pointsForFree = 80
const pointsForQueue = 20

/** The more is free and the less is waiting, compared with the best of the candidates, the better. */
export const availableRanker: Ranker = {
  name: 'available',
  prepare: ({ amounts }, nodes) => {
    const weights = weightsOf(amounts)
    const free = ({ available }: CandidateNode): number => weighed(amountsOf(available), weights)
    const waiting = ({ queued }: CandidateNode): number => weighed(amountsOf(queued), weights)
    const mostFree = nodes.reduce((most, node) => Math.max(most, free(node)), 0)
    const mostWaiting = nodes.reduce((most, node) => Math.max(most, waiting(node)), 0)
    return (node) => {
      const freeShare = mostFree === 0 ? 0 : free(node) / mostFree
      const waitingShare = mostWaiting === 0 ? 0 : waiting(node) / mostWaiting
      return { score: Math.trunc(freeShare * pointsForFree + (1 - waitingShare) * pointsForQueue) }
    }
  },
}

/** Cores, megabytes, gigabytes and GPUs as numbers of one kind, as Bacalhau weighs them. */
const scaled = ({ cpu, memory, disk, gpu }: Amounts): Amounts => ({ cpu, memory: memory / 1e6, disk: disk / 1e9, gpu })

function weightsOf(amounts: Amounts): Amounts {
  const { cpu, memory, disk, gpu } = scaled(amounts)
  const total = cpu + memory + disk + gpu
  return total === 0 ? weightsOfNothing : { cpu: cpu / total, memory: memory / total, disk: disk / total, gpu: gpu / total }
}

function weighed(amounts: Amounts, weights: Amounts): number {
  const { cpu, memory, disk, gpu } = scaled(amounts)
  return cpu * weights.cpu + memory * weights.memory + disk * weights.disk + gpu * weights.gpu
}
