import { checkConfigText } from '../../config/check-config-text'
import { readForEditing, saveEdited } from '../config-editor'
import type { HandlerContext, HandlersOf } from './handler-context'

export function configHandlers({ clusters }: HandlerContext): HandlersOf<'config'> {
  return {
    'config.read': ({ clusterId, node }) => readForEditing(clusters.local(clusterId), node),
    'config.validate': ({ text }) => checkConfigText(text),
    'config.save': async ({ clusterId, node, text, base, restart }) => {
      const cluster = clusters.local(clusterId)
      await saveEdited(cluster, { node, text, base })
      await cluster.applyConfig(node, restart)
      return readForEditing(cluster, node)
    },
  }
}
