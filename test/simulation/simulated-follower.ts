import { z } from 'zod'
import { JsonText } from '../../electron/http/reply/json-text'
import type { Orchestrator } from '../../electron/orchestrator/orchestrator'
import { toFailure } from '../../shared/errors'
import { type JobFate, request } from './simulated-client'
import type { SimulatedOrchestrator } from './simulated-orchestrator'
import type { Random } from './seeded-random'
import type { VirtualTime } from './virtual-time'

const pageSchema = z.object({ NextToken: z.string(), Items: z.array(z.unknown()) })
const itemSchema = z.object({ SeqNum: z.number() })

export interface SimulatedFollowerOptions {
  readonly time: VirtualTime
  readonly random: Random
  readonly orchestrator: SimulatedOrchestrator
  readonly fate: JobFate
  readonly onFault: (fault: string) => void
}

/** Somebody who reads the history of a job as it grows, with the token of the page before, whatever happens to the orchestrator. */
export class SimulatedFollower {
  readonly #options: SimulatedFollowerOptions
  /** JSON of the entries that were read, in order. */
  readonly entries: string[] = []
  readonly fate: JobFate
  /** Of the job that is followed: another one may come by its name when it is deleted. */
  id: string | undefined
  #token = ''

  constructor(options: SimulatedFollowerOptions) {
    this.#options = options
    this.fate = options.fate
    this.#later()
  }

  #later(): void {
    const { time, random } = this.#options
    time.after(time.world, random.whole(20, 1500), () => this.#ask())
  }

  #ask(): void {
    const { time, orchestrator } = this.#options
    const { current } = orchestrator
    const id = (this.id ??= this.fate.id)
    if (id === undefined || current === undefined) return this.#later()
    const asked = { isOver: false }
    orchestrator.ask(() => void this.#read(current, id, asked))
    // Whoever dies while he answers answers no more.
    const look = (): void => {
      if (asked.isOver) return
      if (orchestrator.current === current) return void time.after(time.world, 250, look)
      asked.isOver = true
      this.#later()
    }
    look()
  }

  async #read({ handlers: { jobHistory } }: Orchestrator, id: string, asked: { isOver: boolean }): Promise<void> {
    const { onFault, fate } = this.#options
    const query = { limit: 0, since: 0, job_version: 0, all_job_versions: true, ...(this.#token === '' ? {} : { next_token: this.#token }) }
    try {
      const answer = await jobHistory(request<Parameters<typeof jobHistory>[0]>({ params: { id }, query }))
      if (asked.isOver) return
      asked.isOver = true
      if (!(answer instanceof JsonText)) throw new Error('The history is no text')
      const { NextToken, Items } = pageSchema.parse(JSON.parse(answer.text))
      for (const item of Items) {
        const { SeqNum } = itemSchema.parse(item)
        if (SeqNum !== this.entries.length + 1) onFault(`the history of ${id} goes on with ${String(SeqNum)} after ${String(this.entries.length)}`)
        this.entries.push(JSON.stringify(item))
      }
      if (NextToken === '') return
      this.#token = NextToken
    } catch (error) {
      asked.isOver = true
      if (fate.deleteAsked) return
      onFault(`the history of ${id} cannot be read: ${toFailure(error).message}`)
    }
    this.#later()
  }
}
