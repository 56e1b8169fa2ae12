import { outdatedCheckpoint } from '../../electron/orchestrator/archive/checkpoint'
import type { Checkpoint } from '../../electron/orchestrator/archive/checkpoint'
import type { ArchiveLengths, ArchiveRow } from '../../electron/orchestrator/archive/job-archive'
import type { Archive, StateFiles } from '../../electron/orchestrator/archive/state-files'

interface Line {
  readonly row?: ArchiveRow
  readonly dropped?: string
}

/** Milliseconds that the end of a checkpoint takes to be written: a kill may come in between. */
const writeMs = 20
const jobsInTurn = 2
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/**
 * What is kept of jobs beside the ledger, in memory: as on a disk, what no checkpoint names is gone when it is opened again.
 * @param isFull whether nothing can be written
 */
export function simulatedStateFiles(isFull: () => boolean = () => false): StateFiles {
  let checkpoint: string | undefined
  const lines: string[] = []
  const bodies: string[] = []

  const openArchive = (known: ArchiveLengths | undefined): Archive => {
    const rows = new Map<string, ArchiveRow>()
    const note = ({ row, dropped }: Line): void => {
      if (row !== undefined) rows.set(row.id, row)
      if (dropped !== undefined) rows.delete(dropped)
    }
    lines.length = known?.index ?? 0
    bodies.length = known?.segments['0'] ?? 0
    for (const line of lines) note(JSON.parse(line) as Line)
    const write = (line: Line): void => {
      lines.push(JSON.stringify(line))
      note(line)
    }
    return {
      claim: () => undefined,
      isWasteful: false,
      compact: () => undefined,
      rows,
      get lengths() {
        return { index: lines.length, segments: { '0': bodies.length } }
      },
      read: ({ offset }) => bodies[offset] ?? '',
      add: (jobs) => {
        if (isFull()) throw full()
        return jobs.map(({ row, body }) => {
          const whole: ArchiveRow = { ...row, segment: 0, offset: bodies.push(body) - 1, length: body.length }
          write({ row: whole })
          return whole
        })
      },
      drop: (id) => {
        if (rows.has(id)) write({ dropped: id })
      },
      flush: () => Promise.resolve(),
      sweep: () => undefined,
      close: () => undefined,
    }
  }
  return {
    readCheckpoint: () => (checkpoint === undefined ? undefined : (JSON.parse(checkpoint) as Checkpoint)),
    writeCheckpoint: async (made, mayCount) => {
      const { jobs, messages, ...rest } = made
      const bodies: string[] = []
      for (const body of jobs) {
        bodies.push(JSON.stringify(body))
        // What happens to jobs meanwhile is none of its business.
        if (bodies.length % jobsInTurn === 0) await pause(1)
      }
      const text = JSON.stringify({ ...rest, jobs: bodies.map((body) => JSON.parse(body) as unknown), messages: [...messages] })
      await pause(writeMs)
      if (isFull()) throw full()
      if (!mayCount()) throw outdatedCheckpoint()
      checkpoint = text
    },
    openArchive,
  }
}

const full = (): Error => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
