import { access, mkdir, readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Cluster, ClusterColour, NodesEvent } from '../../../shared/cluster'
import { AppError, toFailure } from '../../../shared/errors'
import { createLocalCluster } from '../../local/cluster/create-local-cluster'
import type { LocalCluster } from '../../local/cluster/local-cluster'
import type { NodeCapacity } from '../../local/files/cluster-config'
import type { HostLauncher } from '../../local/hosts/host-launcher'
import type { JoinedNodes } from '../../local/nodes/joined-nodes'
import type { Logger } from '../../log/logger'
import { clusterForWindow } from '../ipc/window-hint'
import { attachedFactsOf, type AttachedFacts } from './attached-facts'
import { openAttached } from './attached-member'
import { openConnection, type ClusterConnection } from './cluster-connection'
import { clusterOf, runningPart, type Member } from './cluster-member'

/** Its presence makes a folder a cluster’s. */
export const FACTS_FILE = 'cluster.json'

/** What clusters are taken up with. */
export interface ClusterMembersOptions {
  /** One folder a cluster in it. */
  readonly folder: string
  readonly launcher: HostLauncher
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log: Logger
  /** Any cluster shows something else than before; also while they are taken up. */
  readonly onChange: (list: () => readonly Cluster[]) => void
  readonly onNodes: (event: NodesEvent) => void
}

/** The remembered clusters by id, each with what is known of it: taken up, found, and added to. */
export class ClusterMembers {
  readonly #options: ClusterMembersOptions
  readonly #members = new Map<string, Member>()

  constructor(options: ClusterMembersOptions) {
    this.#options = options
  }

  /** As the window shows them, in order of their making. */
  list(): readonly Cluster[] {
    return [...this.#members.values()]
      .sort((a, b) => createdAt(a) - createdAt(b))
      .map(clusterOf)
      .map(clusterForWindow)
  }

  all(): readonly Member[] {
    return [...this.#members.values()]
  }

  changed(): void {
    this.#options.onChange(() => this.list())
  }

  /** Throws `cluster.unknown`. */
  member(id: string): Member {
    const known = this.#members.get(id)
    if (known === undefined) throw new AppError('cluster.unknown', 'This cluster is not remembered any more.')
    return known
  }

  /** As `ClusterSet.local`. */
  local(id: string): LocalCluster {
    const known = this.member(id)
    if (known.kind === 'local') return known.cluster
    if (known.kind === 'broken') throw new AppError(known.failure.code, known.failure.message, known.failure)
    throw new AppError('cluster.attached', `${known.facts.current.name} does not run on this machine.`, {
      hint: 'Do it on the machine of its orchestrator.',
    })
  }

  /** As `ClusterSet.joined`. */
  joined(id: string): JoinedNodes {
    const known = this.member(id)
    if (known.kind === 'attached') return known.nodes
    throw new AppError('cluster.local', `${this.local(id).view.name} runs on this machine: its nodes know how to join it.`)
  }

  /** As `ClusterSet.connection`. */
  connection(id: string): ClusterConnection {
    const known = this.member(id)
    if (known.kind !== 'broken' && known.connection !== undefined) return known.connection
    throw new AppError('cluster.not-running', `${clusterOf(known).name} does not run.`, { hint: 'Start the cluster first.' })
  }

  /** Takes up every cluster in the folder. One whose files cannot be used is listed with the reason. */
  async takeUpAll(): Promise<void> {
    const { folder } = this.#options
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const found = await readdir(folder, { withFileTypes: true })
    for (const entry of found) if (entry.isDirectory() && !entry.name.startsWith('.')) await this.#takeUp(entry.name)
  }

  /** Makes one that runs on this machine, or takes it up with its own name and colour. */
  async addLocal(id: string, name: string, colour: ClusterColour): Promise<void> {
    const { launcher, env } = this.#options
    const cluster = await createLocalCluster({
      folder: this.folderOf(id),
      name,
      colour,
      launcher,
      env,
      log: this.#options.log.child({ cluster: id }),
      otherCapacities: () => Promise.resolve(this.#capacitiesBeside(id)),
    })
    const member: Member = { kind: 'local', id, folder: this.folderOf(id), cluster, connection: undefined }
    this.#members.set(id, member)
    cluster.on(() => {
      this.#follow(member)
    })
  }

  async addAttached(facts: AttachedFacts): Promise<void> {
    const { id, apiUrl } = facts
    const { launcher, env } = this.#options
    const member = await openAttached(facts, {
      folder: this.folderOf(id),
      factsFile: FACTS_FILE,
      launcher,
      env,
      log: this.#options.log.child({ cluster: id }),
      connect: () => this.#connect(id, apiUrl),
      otherCapacities: () => Promise.resolve(this.#capacitiesBeside(id)),
      onChange: () => this.changed(),
    })
    this.#members.set(id, member)
  }

  remove(id: string): void {
    this.#members.delete(id)
  }

  folderOf(id: string): string {
    return path.join(this.#options.folder, id)
  }

  async #takeUp(id: string): Promise<void> {
    const file = path.join(this.folderOf(id), FACTS_FILE)
    if (!(await exists(file))) return
    try {
      const attached = attachedFactsOf(await parsed(file))
      if (attached !== undefined && attached.id === id) await this.addAttached(attached)
      else await this.addLocal(id, id, 1)
    } catch (error) {
      this.#options.log.error('A cluster cannot be taken up.', { cluster: id, error })
      this.#members.set(id, { kind: 'broken', id, folder: this.folderOf(id), failure: toFailure(error), at: Date.now() })
    }
  }

  /** Its API may be at another address after every start of its orchestrator, and at none while that does not run. */
  #follow(member: Extract<Member, { kind: 'local' }>): void {
    const { apiUrl } = member.cluster.view
    if (member.connection?.client.baseUrl !== apiUrl) {
      member.connection?.close()
      member.connection = apiUrl === undefined ? undefined : this.#connect(member.id, apiUrl)
    }
    this.changed()
  }

  #connect(clusterId: string, baseUrl: string): ClusterConnection {
    return openConnection({ clusterId, baseUrl, onLink: () => this.changed(), onNodes: this.#options.onNodes })
  }

  #capacitiesBeside(id: string): readonly NodeCapacity[] {
    return this.all()
      .filter((other) => other.id !== id)
      .flatMap((other) => runningPart(other)?.capacities() ?? [])
  }
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
