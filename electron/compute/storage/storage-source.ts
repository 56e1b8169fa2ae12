import type { InputSource } from '../../../shared/models/job'
import type { Mount } from '../executors/executor'
import type { Availability } from '../executors/executor'

/** The parameters of a source, as the job has them. */
export type StorageParams = Readonly<Record<string, unknown>>

/** One way of bringing inputs to a task. */
export interface StorageSource {
  /** As in `Source.Type`, in lower case. */
  readonly type: string
  /** Other names of it. */
  readonly aliases: readonly string[]
  available(): Promise<Availability>
  /** Disk that the input will take, in bytes. Rejects with AppError when the input cannot be had: the bid is then refused with that reason. */
  sizeBytes(params: StorageParams): Promise<number>
  /** Whether the input is on this machine already (policy of locality). */
  isLocal(params: StorageParams): Promise<boolean>
  /** Makes the input ready; what it makes lies in `workDir`, a folder of this input alone. Rejects with AppError. `signal` stops it. */
  prepare(source: InputSource, workDir: string, signal?: AbortSignal): Promise<Mount>
}

/** The source for a type of a job, in whatever case and by any of its names. */
export function findStorage(sources: readonly StorageSource[], type: string): StorageSource | undefined {
  const wanted = type.toLowerCase()
  return sources.find((source) => source.type === wanted || source.aliases.includes(wanted))
}
