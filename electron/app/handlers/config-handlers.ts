import { checkConfigText } from '../../config/check-config-text'
import { readForEditing, saveEdited } from '../config-editor'
import type { HandlerContext, HandlersOf } from './handler-context'

/** The `config.yaml` of nodes of this machine. A save is refused as `saveEdited` tells. */
export function configHandlers({ clusters }: HandlerContext): HandlersOf<'config'> {
  return {
    'config.read': ({ clusterId, node }) => readForEditing(clusters.nodes(clusterId), node),
    'config.validate': ({ text }) => checkConfigText(text),
    'config.save': async ({ clusterId, node, text, base, restart }) => {
      const nodes = clusters.nodes(clusterId)
      await saveEdited(nodes, { node, text, base })
      await nodes.applyConfig(node, restart)
      return readForEditing(nodes, node)
    },
  }
}
