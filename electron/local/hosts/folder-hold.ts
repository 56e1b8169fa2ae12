import path from 'node:path'
import type { Logger } from '../../log/logger'
import { takeNodeLock, type NodeLock } from '../../node/data/node-lock'
import type { Clock } from '../../process/clock'
import { endLeftovers } from '../../process/pid-record'
import type { ClusterFolder } from '../files/cluster-folder'
import { hostRecords } from './compute-hosts'

/** Keeps a cluster's folder for this process, and ends the hosts that a crash has left in it. Throws as `takeNodeLock` does. */
export async function holdFolder(folder: ClusterFolder, { clock, log }: { readonly clock: Clock; readonly log: Logger }): Promise<NodeLock> {
  const lock = await takeNodeLock(path.join(folder.root, 'cluster.lock'), folder.root)
  try {
    const leftovers = await endLeftovers(hostRecords(folder), { clock })
    for (const { name, pid, outcome } of leftovers) if (outcome !== 'gone') log.warn(`${name} (pid ${pid}) still ran after a crash: ${outcome}.`)
    return lock
  } catch (error) {
    await lock.release()
    throw error
  }
}
