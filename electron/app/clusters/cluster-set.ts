import { randomBytes } from 'node:crypto'
import { access, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Cluster, ClusterColour, NodesEvent } from '../../../shared/cluster'
import { AppError, toFailure } from '../../../shared/errors'
import type { Client } from '../../client/http-client'
import { createLocalCluster } from '../../local/cluster/create-local-cluster'
import type { HostLauncher } from '../../local/hosts/host-launcher'
import type { LocalCluster } from '../../local/cluster/local-cluster'
import type { JoinedNodes } from '../../local/nodes/joined-nodes'
import type { MachineNodes } from '../../local/nodes/machine-nodes'
import { safeName } from '../../local/nodes/node-names'
import type { Logger } from '../../log/logger'
import { attachedFactsOf, writeAttachedFacts, type AttachedFacts } from './attached-facts'
import { openConnection, type ClusterConnection } from './cluster-connection'
import { openAttached } from './attached-member'
import { clusterOf, type Member } from './cluster-member'
import { clusterForWindow } from '../ipc/window-hint'

const FACTS = 'cluster.json'

export interface ClusterSetOptions {
  /** One folder a cluster in it. */
  readonly folder: string
  readonly launcher: HostLauncher
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log: Logger
  /** Any cluster shows something else than before; also while they are taken up. */
  readonly onChange: (list: () => readonly Cluster[]) => void
  readonly onNodes: (event: NodesEvent) => void
}

/** The clusters that this app remembers. All that is known or done about one goes through its API; only what belongs to this machine goes to the local cluster. */
export interface ClusterSet {
  list(): readonly Cluster[]
  member(id: string): Member
  /** Throws `cluster.attached` or what is wrong with its files. */
  local(id: string): LocalCluster
  /** What this machine runs for it, wherever its orchestrator is. Throws what is wrong with its files. */
  nodes(id: string): MachineNodes
  /** Of an attached one. Throws `cluster.local`, or what is wrong with its files. */
  joined(id: string): JoinedNodes
  /** Throws `cluster.not-running` when a local one does not run. */
  connection(id: string): ClusterConnection
  client(id: string): Client
  create(name: string): Promise<string>
  attach(apiUrl: string, name: string): Promise<string>
  rename(id: string, name: string, colour: ClusterColour | undefined): Promise<void>
  /** Stops it first. The data stay on the disk unless `deleteData`. */
  forget(id: string, deleteData: boolean): Promise<void>
  /** Stops all clusters of this machine and closes all connections; what is not down by the deadline is killed. Never rejects. */
  close(deadlineMs: number): Promise<void>
}

/** Takes up every cluster in `folder`. One whose files cannot be used is listed with the reason. */
export async function openClusterSet(options: ClusterSetOptions): Promise<ClusterSet> {
  const { folder, log } = options
  const members = new Map<string, Member>()
  const list = (): readonly Cluster[] =>
    [...members.values()]
      .sort((a, b) => createdAt(a) - createdAt(b))
      .map(clusterOf)
      .map(clusterForWindow)
  const onChange = (): void => options.onChange(list)

  const follow = (member: Extract<Member, { kind: 'local' }>): void => {
    const { apiUrl } = member.cluster.view
    if (member.connection?.client.baseUrl !== apiUrl) {
      member.connection?.close()
      member.connection = apiUrl === undefined ? undefined : connect(member.id, apiUrl)
    }
    onChange()
  }
  const connect = (clusterId: string, baseUrl: string): ClusterConnection =>
    openConnection({ clusterId, baseUrl, onLink: onChange, onNodes: options.onNodes })

  const capacitiesBeside = (id: string) =>
    [...members.values()].filter((other) => other.id !== id).flatMap((other) => runningPart(other)?.capacities() ?? [])

  const addLocal = async (id: string, name: string, colour: ClusterColour): Promise<LocalCluster> => {
    const cluster = await createLocalCluster({
      folder: path.join(folder, id),
      name,
      colour,
      launcher: options.launcher,
      env: options.env,
      log: log.child({ cluster: id }),
      otherCapacities: () => Promise.resolve(capacitiesBeside(id)),
    })
    const member: Member = { kind: 'local', id, folder: path.join(folder, id), cluster, connection: undefined }
    members.set(id, member)
    cluster.on(() => {
      follow(member)
    })
    return cluster
  }
  const addAttached = async (facts: AttachedFacts): Promise<void> => {
    const { id, apiUrl } = facts
    const member = await openAttached(facts, {
      folder: path.join(folder, id),
      factsFile: FACTS,
      launcher: options.launcher,
      env: options.env,
      log: log.child({ cluster: id }),
      connect: () => connect(id, apiUrl),
      otherCapacities: () => Promise.resolve(capacitiesBeside(id)),
      onChange,
    })
    members.set(id, member)
  }
  const addBroken = (id: string, error: unknown): void => {
    log.error('A cluster cannot be taken up.', { cluster: id, error })
    members.set(id, { kind: 'broken', id, folder: path.join(folder, id), failure: toFailure(error), at: Date.now() })
  }

  const takeUp = async (id: string): Promise<void> => {
    const file = path.join(folder, id, FACTS)
    if (!(await exists(file))) return
    try {
      const attached = attachedFactsOf(await parsed(file))
      if (attached !== undefined && attached.id === id) await addAttached(attached)
      else await addLocal(id, id, 1)
    } catch (error) {
      addBroken(id, error)
    }
  }

  await mkdir(folder, { recursive: true, mode: 0o700 })
  const found = await readdir(folder, { withFileTypes: true })
  for (const entry of found) if (entry.isDirectory() && !entry.name.startsWith('.')) await takeUp(entry.name)

  const member = (id: string): Member => {
    const known = members.get(id)
    if (known === undefined) throw new AppError('cluster.unknown', 'This cluster is not remembered any more.')
    return known
  }
  const local = (id: string): LocalCluster => {
    const known = member(id)
    if (known.kind === 'local') return known.cluster
    if (known.kind === 'broken') throw new AppError(known.failure.code, known.failure.message, known.failure)
    throw new AppError('cluster.attached', `${known.facts.current.name} does not run on this machine.`, {
      hint: 'Do it on the machine of its orchestrator.',
    })
  }
  const joined = (id: string): JoinedNodes => {
    const known = member(id)
    if (known.kind === 'attached') return known.nodes
    throw new AppError('cluster.local', `${local(id).view.name} runs on this machine: its nodes know how to join it.`)
  }
  const connection = (id: string): ClusterConnection => {
    const known = member(id)
    if (known.kind !== 'broken' && known.connection !== undefined) return known.connection
    throw new AppError('cluster.not-running', `${clusterOf(known).name} does not run.`, { hint: 'Start the cluster first.' })
  }
  const freshId = (name: string): string => `${safeName(name) || 'cluster'}-${randomBytes(3).toString('hex')}`

  return {
    list,
    member,
    local,
    nodes: (id) => runningPart(member(id)) ?? local(id),
    joined,
    connection,
    client: (id) => connection(id).client,
    create: async (name) => {
      const id = freshId(name)
      await addLocal(id, name, nextColour(list()))
      onChange()
      return id
    },
    attach: async (apiUrl, name) => {
      const known = list().find((cluster) => cluster.kind === 'attached' && cluster.apiUrl === apiUrl)
      if (known !== undefined) throw new AppError('cluster.already-attached', `${apiUrl} is attached already, as ${known.name}.`)
      const id = freshId(name)
      const facts: AttachedFacts = { version: 1, kind: 'attached', id, name, colour: nextColour(list()), createdAt: Date.now(), apiUrl, nodes: [] }
      await writeAttachedFacts(path.join(folder, id, FACTS), facts)
      await addAttached(facts)
      onChange()
      return id
    },
    rename: async (id, name, colour) => {
      const known = member(id)
      if (known.kind !== 'attached') {
        await local(id).rename(name, colour)
        return
      }
      await known.facts.update({ name, ...(colour === undefined ? {} : { colour }) })
      onChange()
    },
    forget: async (id, deleteData) => {
      const known = member(id)
      await runningPart(known)?.stop()
      if (known.kind !== 'broken') known.connection?.close()
      // Of an attached cluster there are only nodes here, which no orchestrator would know any more.
      if (deleteData || known.kind === 'attached') await rm(known.folder, { recursive: true, force: true })
      else await rename(path.join(known.folder, FACTS), path.join(known.folder, 'cluster.forgotten.json'))
      members.delete(id)
      onChange()
    },
    close: async (deadlineMs) => {
      const running = [...members.values()].flatMap((known) => runningPart(known) ?? [])
      const stopped = Promise.all(running.map((part) => part.stop()))
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<'late'>((resolve) => {
        timer = setTimeout(() => resolve('late'), deadlineMs)
      })
      if ((await Promise.race([stopped, late])) === 'late') {
        log.warn('Not everything stopped in time; the rest is killed.')
        await Promise.all(running.map((part) => part.kill()))
      }
      clearTimeout(timer)
      for (const known of members.values()) if (known.kind !== 'broken') known.connection?.close()
    },
  }
}

/** What of it has processes on this machine. */
function runningPart(member: Member): LocalCluster | JoinedNodes | undefined {
  if (member.kind === 'broken') return undefined
  return member.kind === 'local' ? member.cluster : member.nodes
}

async function parsed(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return undefined // Whoever takes the cluster up reads the file again and says what is wrong with it.
  }
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}

function createdAt(member: Member): number {
  if (member.kind === 'broken') return Number.MAX_SAFE_INTEGER
  return member.kind === 'local' ? member.cluster.view.createdAt : member.facts.current.createdAt
}

/** The first colour that no other cluster has, else the one that comes next. */
function nextColour(clusters: readonly Cluster[]): ClusterColour {
  const used = new Set(clusters.map((cluster) => cluster.colour))
  const colours: readonly ClusterColour[] = [1, 2, 3, 4, 5, 6, 7, 8]
  return colours.find((colour) => !used.has(colour)) ?? colours[clusters.length % colours.length] ?? 1
}
