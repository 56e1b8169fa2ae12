import { z } from 'zod'

/** A GPU as Bacalhau describes it; `Memory` in MiB. */
export const gpuSchema = z.looseObject({
  Index: z.number().default(0),
  Name: z.string().default(''),
  Vendor: z.string().default(''),
  Memory: z.number().default(0),
  PCIAddress: z.string().default(''),
})

/**
 * Numeric resources: CPU in cores, Memory and Disk in bytes, GPU as a count. Absent means zero
 * (Go leaves zero values out), so all of it may be `{}`.
 */
export const resourcesSchema = z.looseObject({
  CPU: z.number().nonnegative().optional(),
  Memory: z.number().int().nonnegative().optional(),
  Disk: z.number().int().nonnegative().optional(),
  GPU: z.number().int().nonnegative().optional(),
  GPUs: z.array(gpuSchema).nullish(),
})

/** Cores, bytes and a count; absent means zero. */
export type Resources = z.infer<typeof resourcesSchema>
