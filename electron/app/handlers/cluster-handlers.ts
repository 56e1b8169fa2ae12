import path from 'node:path'
import { AppError } from '../../../shared/errors'
import { parseApiUrl } from '../../client/api-url'
import { safeName } from '../../local/nodes/node-names'
import { preflight } from '../../local/cluster/preflight'
import { testAttach } from '../clusters/attach-test'
import { suggestName } from '../clusters/cluster-names'
import type { HandlerContext, HandlersOf } from './handler-context'

/** Clusters that are made, attached, started, stopped and forgotten. They reject with what the window shows. */
export function clusterHandlers({ clusters, findNatsServer, clustersFolder, opened }: HandlerContext): HandlersOf<'clusters'> {
  const existing = () => clusters.list().flatMap(({ localNodes }) => localNodes.flatMap(({ capacity }) => (capacity === undefined ? [] : [capacity])))
  return {
    'clusters.list': () => clusters.list(),
    'clusters.preflight': ({ name }) => {
      const suggestedName = suggestName(clusters.list().map((cluster) => cluster.name))
      const folderName = safeName(name ?? suggestedName) || 'cluster'
      return preflight({
        folder: path.join(clustersFolder.path, folderName),
        shownFolder: `${clustersFolder.shown}${path.sep}${folderName}`,
        suggestedName,
        existing: existing(),
        findNatsServer,
      })
    },
    'clusters.create': async ({ name }) => ({
      clusterId: await clusters.create(name.trim() === '' ? suggestName(clusters.list().map((cluster) => cluster.name)) : name.trim()),
    }),
    'clusters.start': async ({ clusterId }) => {
      try {
        await clusters.local(clusterId).start()
      } catch (error) {
        // Whoever cancelled it knows; any other reason is also in the cluster's phase.
        if (!(error instanceof AppError && error.code === 'cluster.start-cancelled')) throw error
      }
    },
    'clusters.cancelStart': ({ clusterId }) => clusters.local(clusterId).stop(),
    'clusters.stop': ({ clusterId }) => clusters.local(clusterId).stop(),
    'clusters.testAttach': ({ url }) => testAttach(url),
    'clusters.attach': async ({ url, name }) => {
      const apiUrl = parseApiUrl(url)
      return { clusterId: await clusters.attach(apiUrl, name?.trim() || new URL(apiUrl).hostname) }
    },
    'clusters.retry': ({ clusterId }) => {
      const member = clusters.member(clusterId)
      if (member.kind !== 'broken') member.connection?.retryNow()
    },
    'clusters.rename': ({ clusterId, name, colour }) => clusters.rename(clusterId, name, colour as Parameters<typeof clusters.rename>[2]),
    'clusters.forget': async ({ clusterId, deleteData }) => {
      await clusters.forget(clusterId, deleteData)
      opened.delete(clusterId)
    },
  }
}
