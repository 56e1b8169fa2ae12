import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findGpus, parseGpuTable } from '../../../../electron/compute/machine/gpus'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shoal-gpu-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

function tool(script: string): string {
  writeFileSync(join(dir, 'nvidia-smi'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(dir, 'nvidia-smi'), 0o755)
  return [dir, process.env['PATH'] ?? ''].join(delimiter)
}

describe('GPUs', () => {
  it('are read from the table of nvidia-smi', () => {
    expect(parseGpuTable('0, Tesla T4, 15360, 00000000:00:1E.0\n1, NVIDIA A100-SXM4-40GB, 40960, 00000000:00:1F.0\n\n[N/A], ?, x\n')).toEqual([
      { Index: 0, Name: 'Tesla T4', Vendor: 'NVIDIA', Memory: 15360, PCIAddress: '0000:00:1E.0' },
      { Index: 1, Name: 'NVIDIA A100-SXM4-40GB', Vendor: 'NVIDIA', Memory: 40960, PCIAddress: '0000:00:1F.0' },
    ])
  })

  it.skipIf(process.platform === 'win32')('are asked of the tool where there is one', async () => {
    const path = tool('echo "0, Tesla T4, 15360, 00000000:00:1E.0"')
    expect(await findGpus(path)).toHaveLength(1)
  })

  it.skipIf(process.platform === 'win32')('are none where the tool fails or is not there', async () => {
    expect(await findGpus(tool('echo "0, Tesla T4, 15360, x"; exit 9'))).toEqual([])
    expect(await findGpus(join(dir, 'nowhere'))).toEqual([])
    expect(await findGpus(undefined)).toEqual([])
  })
})
