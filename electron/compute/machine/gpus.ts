import { execFile } from 'node:child_process'
import { constants, promises as fs } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { z } from 'zod'
import type { gpuSchema } from '../../../shared/models/resources'

/** One graphics card, as a node tells of it: memory in MiB. */
export type Gpu = z.infer<typeof gpuSchema>

const QUERY = ['--query-gpu=index,gpu_name,memory.total,pci.bus_id', '--format=csv,noheader,nounits']
const LIMIT_MS = 10_000

/**
 * The NVIDIA GPUs of this machine, none where `nvidia-smi` is not on the PATH, fails or takes too long. May take seconds
 * (the driver wakes up): nothing that has to be quick may wait for it.
 */
export async function findGpus(path: string | undefined): Promise<readonly Gpu[]> {
  const program = await findOnPath(process.platform === 'win32' ? 'nvidia-smi.exe' : 'nvidia-smi', path)
  if (program === undefined) return []
  const output = await new Promise<string>((resolve) => {
    // A driver that is not loaded makes the tool fail: then there is no GPU to offer.
    execFile(program, QUERY, { timeout: LIMIT_MS, windowsHide: true }, (error, stdout) => resolve(error ? '' : stdout))
  })
  return parseGpuTable(output)
}

/** Pure: lines such as `0, Tesla T4, 15360, 00000000:00:1E.0`. Lines of another shape are left out. */
export function parseGpuTable(output: string): Gpu[] {
  return output.split('\n').flatMap((line) => {
    const [index, name, memory, address] = line.split(',').map((cell) => cell.trim())
    if (!/^\d+$/.test(index ?? '') || name === undefined || name === '' || !/^\d+$/.test(memory ?? '')) return []
    return [{ Index: Number(index), Name: name, Vendor: 'NVIDIA', Memory: Number(memory), PCIAddress: shortPciAddress(address ?? '') }]
  })
}

/** nvidia-smi writes eight digits for the domain, Bacalhau and Linux four: `00000000:00:1E.0` → `0000:00:1E.0`. */
function shortPciAddress(address: string): string {
  return address.replace(/^0000(?=[0-9A-Fa-f]{4}:)/, '')
}

async function findOnPath(program: string, path: string | undefined): Promise<string | undefined> {
  for (const folder of (path ?? '').split(delimiter)) {
    if (folder === '') continue
    const candidate = join(folder, program)
    const found = await fs.access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return candidate
  }
  return undefined
}
