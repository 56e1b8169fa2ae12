import { AppError } from '../../../shared/errors'
import { fingerprint } from '../../access/tokens'
import { readOrchestratorSettings, THIS_MACHINE, writeOrchestratorSettings } from '../files/cluster-config'
import type { ClusterLife } from './cluster-life'
import type { ClusterParts } from './cluster-parts'
import { refuseWeakToken } from './cluster-token'
import { launchNode, makeNodes, tellNodes } from '../nodes/compute-nodes'
import { checkShareAddress, isThisMachineOnly } from '../joining/listen-address'
import type { LocalCluster } from './local-cluster'
import { nodeActs } from '../nodes/node-acts'
import { orchestratorFile } from './join-own-orchestrator'

type Changes = Omit<LocalCluster, 'view' | 'on' | 'start' | 'stop' | 'kill'>

/** What can be changed about a cluster, running or not. */
export function clusterChanges(parts: ClusterParts, life: ClusterLife): Changes {
  const { facts, hosts, folder, clock } = parts
  const nodes = nodeActs(parts, life.turns)
  const isOrchestrator = (name: string): boolean => name === facts.current.orchestrator
  const place = (name: string) => ({ name, role: isOrchestrator(name) ? 'orchestrator' : 'compute' }) as const

  const mustRun = (): void => {
    if (life.isRunning) return
    throw new AppError('cluster.not-running', `${facts.current.name} does not run.`, { hint: 'Start the cluster first.' })
  }

  const writeToken = async (token: string, generated: boolean): Promise<void> => {
    await writeOrchestratorSettings(orchestratorFile(parts), { token })
    await facts.update({ token: { generated, fingerprint: fingerprint(token), changedAt: clock.now() } })
  }

  /** Listens on `host`; when the orchestrator cannot, it goes back to where it was, and the reason is thrown. */
  const listenOn = async (host: string): Promise<void> => {
    const file = orchestratorFile(parts)
    const before = await readOrchestratorSettings(file)
    await writeOrchestratorSettings(file, { host })
    if (!life.isRunning) {
      const { listened } = facts.current
      if (listened !== undefined) await facts.update({ listened: { ...listened, host } })
      parts.changed()
      return
    }
    try {
      await life.restartOrchestrator()
    } catch (error) {
      await writeOrchestratorSettings(file, { host: before.host })
      await life.restartOrchestrator()
      throw error
    }
  }

  return {
    ...nodes,
    addNodes: (count) =>
      life.turns.take(async () => {
        const names = await makeNodes(parts, count)
        if (life.isRunning) for (const name of names) launchNode(parts, name)
        return names
      }),
    startNode: async (name) => {
      mustRun()
      await nodes.startNode(name)
    },
    restartNode: async (name) => {
      mustRun()
      if (isOrchestrator(name)) await life.turns.take(() => life.restartOrchestrator())
      else await nodes.restartNode(name)
    },

    token: async () => {
      const configPath = orchestratorFile(parts)
      const { token } = await readOrchestratorSettings(configPath)
      const known = facts.current.token
      // A token that was typed into the file is not the one that is remembered.
      const own = known !== undefined && token !== '' && known.fingerprint === fingerprint(token) ? known : undefined
      return { token, generated: own?.generated ?? false, changedAt: own?.changedAt, configPath }
    },
    setToken: (token, generated) =>
      life.turns.take(async () => {
        const { host } = await readOrchestratorSettings(orchestratorFile(parts))
        if (!isThisMachineOnly(host)) refuseWeakToken(token)
        await writeToken(token, generated)
        // First who checks it, then who shows it.
        await hosts.orchestrator.reload()
        await tellNodes(parts, { token })
        parts.changed()
      }),
    share: (address, given) =>
      life.turns.take(async () => {
        checkShareAddress(address, parts.interfaces())
        const { token } = await readOrchestratorSettings(orchestratorFile(parts))
        refuseWeakToken(given?.token ?? token)
        if (given !== undefined && given.token !== token) {
          await writeToken(given.token, given.generated)
          await tellNodes(parts, { token: given.token })
        }
        await listenOn(address)
      }),
    unshare: () => life.turns.take(() => listenOn(THIS_MACHINE)),

    rename: async (name, colour) => {
      await facts.update({ name, ...(colour === undefined ? {} : { colour }) })
      parts.changed()
    },
    configFile: (name) => folder.configFile(place(name)),
    dataDir: (name) => folder.dataDir(place(name)),
    applyConfig: async (name, restart) => {
      if (!isOrchestrator(name)) return nodes.applyConfig(name, restart)
      if (!life.isRunning) return
      if (restart) await life.turns.take(() => life.restartOrchestrator())
      else await hosts.orchestrator.reload()
    },
  }
}
