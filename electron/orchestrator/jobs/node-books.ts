import { computeStates } from '../../../shared/models/execution'
import { isTerminalExecution } from '../../../shared/models/execution-state'
import type { Job } from '../../../shared/models/job'
import type { NodeInfo } from '../../../shared/models/node'
import type { NodeWork } from '../../../shared/models/node-row'
import type { Clock } from '../ports'
import type { NodeTable } from '../nodes/node-table'
import type { SocketTable } from '../presence/socket-table'
import { amountsOf, amountsOfJob, capacityNow, foreignUse, less, nothing, plus, reservedBy, resourcesOf } from './node-capacity'
import type { Amounts } from './node-capacity'
import { RecentUse } from './recent-use'
import type { ReadonlyJobState, StoredExecution, Transition } from './job-state'
import { standingOf } from './node-standing'
import { nodeWork } from './node-work'
import type { Standing, StandingTimes } from './node-standing'

/** A node as schedulers see it. */
export interface BookedNode {
  /** With free and queued capacity by our own books. */
  readonly info: NodeInfo
  readonly approved: boolean
  readonly standing: Standing
}

interface NodeBooksOptions {
  readonly table: NodeTable
  readonly sockets: SocketTable
  readonly clock: Clock
  readonly state: () => ReadonlyJobState
  readonly times: StandingTimes
  readonly onChange: (nodeId: string, change: 'joined' | 'left' | 'freed') => void
}

interface Book {
  standing: Standing
  cutOffAt: number | undefined
  timer: NodeJS.Timeout | undefined
  /** What the node told last, to tell a new word of it from an old one. */
  toldAt: number | undefined
  foreign: Amounts
  /** What this orchestrator has given it; added up anew where it is not known. */
  reserved: Amounts | undefined
  readonly recent: RecentUse
  approved: boolean
}

/** A node that tells of an end has freed the room by then, or is about to; what is cancelled here or given up runs on for a while. */
function isToldByNode({ ComputeState }: StoredExecution): boolean {
  return ComputeState.StateType === computeStates.Completed || ComputeState.StateType === computeStates.AskForBidRejected
}

/** Follows all nodes for the schedulers: whether work is left on them, and what they have free by our own books. */
export class NodeBooks {
  readonly #options: NodeBooksOptions
  readonly #books = new Map<string, Book>()
  readonly #startedAt: number
  readonly #unlisten: () => void

  constructor(options: NodeBooksOptions) {
    this.#options = options
    this.#startedAt = options.clock.monotonic()
    for (const id of options.table.ids()) this.#update(id, false)
    this.#unlisten = options.table.onChange((id) => this.#update(id, true))
  }

  standing(id: string): Standing {
    return this.#books.get(id)?.standing ?? 'lost'
  }

  /** All compute nodes. */
  nodes(): BookedNode[] {
    const { table } = this.#options
    return [...this.#books].flatMap(([id, book]) => {
      const known = table.known(id)
      if (known?.info.NodeType !== 'Compute') return []
      return [{ info: this.#bookedInfo(known.info, id, book), approved: known.membership === 'APPROVED', standing: book.standing }]
    })
  }

  work(id: string): NodeWork {
    const state = this.#options.state()
    const max = this.#options.table.known(id)?.info.ComputeNodeInfo.MaxCapacity
    return nodeWork({
      executions: state.liveOn(id),
      jobOf: this.#jobOf,
      max: max === null || max === undefined ? undefined : amountsOf(max),
      foreign: this.#books.get(id)?.foreign ?? nothing,
    })
  }

  /** Executions have changed. */
  executionsChanged(transitions: readonly Transition[]): void {
    const now = this.#options.clock.monotonic()
    for (const { previous, current } of transitions) {
      const book = this.#books.get(current.NodeID)
      if (book === undefined) continue
      const [did, does] = [previous !== undefined && !isTerminalExecution(previous), !isTerminalExecution(current)]
      if (did === does) continue
      const job = this.#jobOf(current)
      const amounts = job === undefined ? nothing : amountsOfJob(job)
      if (does) {
        if (book.reserved !== undefined) book.reserved = plus(book.reserved, amounts)
        continue
      }
      const before = book.reserved ?? plus(this.#reserved(current.NodeID, book), amounts)
      book.reserved = less(before, amounts)
      book.recent.peak(before, now)
      if (!isToldByNode(current)) book.recent.ended(amounts, now, book.standing !== 'connected')
    }
  }

  /** All that was known of executions is void. */
  forgetReservations(): void {
    for (const book of this.#books.values()) book.reserved = undefined
  }

  stop(): void {
    this.#unlisten()
    for (const { timer } of this.#books.values()) clearTimeout(timer)
  }

  #bookedInfo(info: NodeInfo, id: string, book: Book): NodeInfo {
    const { MaxCapacity } = info.ComputeNodeInfo
    // Without it there are no books: then its own word stands.
    if (MaxCapacity === null || MaxCapacity === undefined) return this.#options.table.state(id)?.Info ?? info
    const { available, queued } = capacityNow(amountsOf(MaxCapacity), this.#reserved(id, book), book.foreign)
    return { ...info, ComputeNodeInfo: { ...info.ComputeNodeInfo, AvailableCapacity: resourcesOf(available), QueueCapacity: resourcesOf(queued) } }
  }

  #reserved(id: string, book: Book): Amounts {
    return (book.reserved ??= reservedBy(this.#options.state().liveOn(id), this.#jobOf))
  }

  readonly #jobOf = ({ JobID, JobVersion }: StoredExecution): Job | undefined => this.#options.state().job(JobID)?.versions.get(JobVersion)

  #update(id: string, tell: boolean): void {
    const { table, onChange } = this.#options
    const known = table.known(id)
    if (known === undefined) {
      const gone = this.#books.get(id)
      if (gone === undefined) return
      clearTimeout(gone.timer)
      this.#books.delete(id)
      if (tell && gone.standing !== 'lost') onChange(id, 'left')
      return
    }
    let book = this.#books.get(id)
    if (book === undefined) {
      book = {
        standing: 'lost',
        cutOffAt: undefined,
        timer: undefined,
        toldAt: undefined,
        foreign: nothing,
        reserved: undefined,
        recent: new RecentUse(),
        approved: false,
      }
      this.#books.set(id, book)
    }
    const freed = this.#takeWord(id, book, known.info)
    const approved = known.membership === 'APPROVED'
    const cleared = approved && !book.approved
    book.approved = approved
    this.#judge(id, book, tell, freed || cleared)
  }

  /** What a node tells of its capacity counts as of the moment at which it tells it. */
  #takeWord(id: string, book: Book, { ComputeNodeInfo }: NodeInfo): boolean {
    const { presence } = this.#options.table.live(id)
    if (presence.kind !== 'connected' || presence.session.lastHeartbeatAt === book.toldAt) return false
    book.toldAt = presence.session.lastHeartbeatAt
    const before = book.foreign
    const [max, available, queued] = [ComputeNodeInfo.MaxCapacity, presence.session.available, presence.session.queued].map(amountsOf)
    if (max === undefined || available === undefined || queued === undefined) return false
    const now = this.#options.clock.monotonic()
    if (book.standing !== 'connected') book.recent.returned(now)
    const ours = book.recent.most(this.#reserved(id, book), now)
    book.foreign = foreignUse({ max, available, queued }, ours)
    return (['CPU', 'Memory', 'Disk', 'GPU'] as const).some((axis) => book.foreign[axis] < before[axis])
  }

  #judge(id: string, book: Book, tell: boolean, freed: boolean): void {
    const { table, sockets, clock, times, onChange } = this.#options
    const { presence } = table.live(id)
    const now = clock.monotonic()
    if (presence.kind === 'cut-off') book.cutOffAt ??= now
    else book.cutOffAt = undefined
    const before = book.standing
    const hasSocket = sockets.any(id)
    const socketEndedAt = sockets.lastEnd(id)?.heardAt
    const { standing, until } = standingOf(presence, { hasSocket, socketEndedAt, startedAt: this.#startedAt, cutOffAt: book.cutOffAt, now }, times)
    book.standing = standing
    clearTimeout(book.timer)
    if (until !== undefined) {
      book.timer = setTimeout(() => this.#judge(id, book, true, false), Math.max(1, until - now))
      book.timer.unref()
    }
    if (!tell) return
    if (standing === 'connected' && before !== 'connected') onChange(id, 'joined')
    else if (standing === 'lost' && before !== 'lost') onChange(id, 'left')
    else if (standing === 'connected' && freed) onChange(id, 'freed')
  }
}
