import { randomUUID } from 'node:crypto'

/** Makes the names of what an orchestrator makes. */
export interface JobIds {
  readonly job: () => string
  readonly execution: () => string
  readonly evaluation: () => string
}

/** In Bacalhau's form. */
export const randomIds: JobIds = {
  job: () => `j-${randomUUID()}`,
  execution: () => `e-${randomUUID()}`,
  evaluation: () => randomUUID(),
}
