import { randomBytes } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Cluster, ClusterColour } from '../../../shared/cluster'
import { AppError } from '../../../shared/errors'
import type { Client } from '../../client/http-client'
import type { LocalCluster } from '../../local/cluster/local-cluster'
import type { JoinedNodes } from '../../local/nodes/joined-nodes'
import type { MachineNodes } from '../../local/nodes/machine-nodes'
import { safeName } from '../../local/nodes/node-names'
import type { Logger } from '../../log/logger'
import { writeAttachedFacts, type AttachedFacts } from './attached-facts'
import type { ClusterConnection } from './cluster-connection'
import { runningPart, type Member } from './cluster-member'
import { ClusterMembers, FACTS_FILE, type ClusterMembersOptions } from './cluster-members'

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
export async function openClusterSet(options: ClusterMembersOptions): Promise<ClusterSet> {
  const members = new ClusterMembers(options)
  await members.takeUpAll()
  return {
    list: () => members.list(),
    member: (id) => members.member(id),
    local: (id) => members.local(id),
    nodes: (id) => runningPart(members.member(id)) ?? members.local(id),
    joined: (id) => members.joined(id),
    connection: (id) => members.connection(id),
    client: (id) => members.connection(id).client,
    create: async (name) => {
      const id = freshId(name)
      await members.addLocal(id, name, nextColour(members.list()))
      members.changed()
      return id
    },
    attach: (apiUrl, name) => attach(members, apiUrl, name),
    rename: async (id, name, colour) => {
      const known = members.member(id)
      if (known.kind !== 'attached') {
        await members.local(id).rename(name, colour)
        return
      }
      await known.facts.update({ name, ...(colour === undefined ? {} : { colour }) })
      members.changed()
    },
    forget: (id, deleteData) => forget(members, id, deleteData),
    close: (deadlineMs) => close(members, deadlineMs, options.log),
  }
}

async function attach(members: ClusterMembers, apiUrl: string, name: string): Promise<string> {
  const known = members.list().find((cluster) => cluster.kind === 'attached' && cluster.apiUrl === apiUrl)
  if (known !== undefined) throw new AppError('cluster.already-attached', `${apiUrl} is attached already, as ${known.name}.`)
  const id = freshId(name)
  const colour = nextColour(members.list())
  const facts: AttachedFacts = { version: 1, kind: 'attached', id, name, colour, createdAt: Date.now(), apiUrl, nodes: [] }
  await writeAttachedFacts(path.join(members.folderOf(id), FACTS_FILE), facts)
  await members.addAttached(facts)
  members.changed()
  return id
}

async function forget(members: ClusterMembers, id: string, deleteData: boolean): Promise<void> {
  const known = members.member(id)
  await runningPart(known)?.stop()
  if (known.kind !== 'broken') known.connection?.close()
  // Of an attached cluster there are only nodes here, which no orchestrator would know any more.
  if (deleteData || known.kind === 'attached') await rm(known.folder, { recursive: true, force: true })
  else await rename(path.join(known.folder, FACTS_FILE), path.join(known.folder, 'cluster.forgotten.json'))
  members.remove(id)
  members.changed()
}

async function close(members: ClusterMembers, deadlineMs: number, log: Logger): Promise<void> {
  const running = members.all().flatMap((known) => runningPart(known) ?? [])
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
  for (const known of members.all()) if (known.kind !== 'broken') known.connection?.close()
}

function freshId(name: string): string {
  return `${safeName(name) || 'cluster'}-${randomBytes(3).toString('hex')}`
}

/** The first colour that no other cluster has, else the one that comes next. */
function nextColour(clusters: readonly Cluster[]): ClusterColour {
  const used = new Set(clusters.map((cluster) => cluster.colour))
  const colours: readonly ClusterColour[] = [1, 2, 3, 4, 5, 6, 7, 8]
  return colours.find((colour) => !used.has(colour)) ?? colours[clusters.length % colours.length] ?? 1
}
