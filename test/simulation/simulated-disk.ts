import { AppError } from '../../shared/errors'
import type { Random } from './seeded-random'

/** A record as it lies on the disk. */
export interface StoredRecord {
  readonly json: string
  readonly sequence: number
  /** Records of one batch are stored together. */
  readonly batch: number
  /** The disk may still forget it when the power fails. */
  synced: boolean
}

/** Records on their way to the disk. */
export interface DiskBatch {
  readonly texts: readonly string[]
  readonly synced: boolean
}

export interface DiskOptions {
  /** Milliseconds that a batch takes. */
  readonly latencyMs: () => number
  /** Told of each record once it is durable, also of one that its writer did not live to hear of. */
  readonly onStored?: (record: unknown, sequence: number) => void
  /** After a refused batch nothing is stored for so long, and what was refused may be found after a crash until the next one is stored. */
  readonly refusal?: { readonly pauseMs: number; readonly mayLinger: boolean }
}

/** Where a ledger of the simulation is kept. It outlives its writers; what it has not acknowledged may or may not be there after a crash. */
export class SimulatedDisk {
  records: StoredRecord[] = []
  batches = 0
  lastSequence = 0
  /** Nothing can be stored. */
  full = false
  /** So many of the next batches are refused. */
  refusals = 0
  /** Bumped by each writer that takes the place over. */
  writer = 0
  /** Was it ever written to? */
  used = false
  readonly options: DiskOptions
  #underWay: DiskBatch | undefined
  #lingering: DiskBatch | undefined
  #refusedAt = Number.NEGATIVE_INFINITY

  constructor(options: DiskOptions) {
    this.options = options
  }

  begin(batch: DiskBatch): void {
    this.used = true
    this.#underWay = batch
  }

  /** The batch that was begun has come to its end; why it is not stored, or the sequence of its first record. */
  finish(now: number): AppError | number {
    const batch = this.#underWay
    this.#underWay = undefined
    if (batch === undefined) throw new Error('No batch is under way')
    const { pauseMs, mayLinger } = this.options.refusal ?? { pauseMs: 0, mayLinger: false }
    const pausing = now - this.#refusedAt < pauseMs
    if (this.full || this.refusals > 0 || pausing) {
      if (!pausing) {
        this.refusals = Math.max(0, this.refusals - 1)
        this.#refusedAt = now
        this.#lingering = mayLinger ? batch : undefined
      }
      return new AppError('ledger.full', 'The disk of the simulation is full.')
    }
    this.#lingering = undefined
    return this.#store(batch)
  }

  /** The writer is gone. `power`: the operating system with it. */
  crash(random: Random, how: 'kill' | 'power'): void {
    this.writer += 1
    for (const batch of [this.#lingering, this.#underWay]) if (batch !== undefined && random.chance(0.5)) this.#store(batch)
    this.#lingering = undefined
    this.#underWay = undefined
    this.#refusedAt = Number.NEGATIVE_INFINITY
    if (how === 'kill') return
    const firm = this.records.findLastIndex(({ synced }) => synced) + 1
    this.records.length = random.whole(firm, this.records.length)
    this.lastSequence = this.records.at(-1)?.sequence ?? this.lastSequence
  }

  #store({ texts, synced }: DiskBatch): number {
    const first = this.lastSequence + 1
    this.batches += 1
    // What is synced takes all before it along.
    if (synced) for (const record of this.records) record.synced = true
    for (const json of texts) {
      const sequence = (this.lastSequence += 1)
      this.records.push({ json, sequence, batch: this.batches, synced })
      this.options.onStored?.(JSON.parse(json), sequence)
    }
    return first
  }
}
