import { computeHost, previewNodes, refreshCapacity, removeNode, setWanted } from './compute-nodes'
import type { MachineNodes } from './machine-nodes'
import type { NodeParts } from './node-parts'
import type { Turns } from '../turns'

/** What is done with the compute nodes of this machine that are there, wherever their orchestrator is. */
export function nodeActs(parts: NodeParts, turns: Turns): Omit<MachineNodes, 'addNodes'> {
  const place = (name: string) => ({ name, role: 'compute' }) as const
  return {
    capacities: () => [...parts.capacities.values()],
    previewNodes: (count) => previewNodes(parts, count),
    startNode: async (name) => {
      const host = computeHost(parts, name)
      await setWanted(parts, name, true)
      await host.start()
    },
    stopNode: async (name) => {
      const host = computeHost(parts, name)
      await setWanted(parts, name, false)
      await host.stop()
    },
    restartNode: async (name) => {
      const host = computeHost(parts, name)
      await setWanted(parts, name, true)
      await host.stop()
      await host.start()
    },
    removeNode: (name) => turns.take(() => removeNode(parts, name)),
    configFile: (name) => parts.folder.configFile(place(name)),
    dataDir: (name) => parts.folder.dataDir(place(name)),
    applyConfig: async (name, restart) => {
      const host = computeHost(parts, name)
      await refreshCapacity(parts, name)
      parts.changed()
      if (host.state.kind === 'stopped' || host.state.kind === 'failed') return
      if (!restart) await host.reload()
      else await host.stop().then(() => host.start())
    },
  }
}
