import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { placesOf, readCgroupLimits } from '../../../../electron/compute/machine/cgroup'
import { bound, measureMachine } from '../../../../electron/compute/machine/measure'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'shoal-cgroup-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

describe('control groups', () => {
  it('of version 2 limit by the tightest group on the way up', async () => {
    write('proc/mountinfo', `31 23 0:28 / ${root}/fs rw - cgroup2 cgroup2 rw,nsdelegate\n`)
    write('proc/cgroup', '0::/user.slice/app.scope\n')
    write('fs/user.slice/app.scope/cpu.max', 'max 100000\n')
    write('fs/user.slice/cpu.max', '150000 100000\n')
    write('fs/user.slice/app.scope/memory.max', '536870912\n')
    write('fs/user.slice/memory.max', '1073741824\n')
    expect(await readCgroupLimits(join(root, 'proc'))).toEqual({ CPU: 1.5, Memory: 536_870_912 })
  })

  it('of version 1 are found by their controller', async () => {
    write(
      'proc/mountinfo',
      [`32 31 0:29 / ${root}/cpu rw - cgroup cgroup rw,cpu,cpuacct`, `35 31 0:32 / ${root}/mem rw - cgroup cgroup rw,memory`, ''].join('\n'),
    )
    write('proc/cgroup', '4:memory:/box\n1:cpu,cpuacct:/box\n')
    write('cpu/box/cpu.cfs_quota_us', '50000\n')
    write('cpu/box/cpu.cfs_period_us', '100000\n')
    write('cpu/cpu.cfs_quota_us', '-1\n')
    write('cpu/cpu.cfs_period_us', '100000\n')
    write('mem/box/memory.limit_in_bytes', '1000000000\n')
    write('mem/memory.limit_in_bytes', '9223372036854771712\n')
    expect(await readCgroupLimits(join(root, 'proc'))).toEqual({ CPU: 0.5, Memory: 1_000_000_000 })
  })

  it('inside a container are those at the mount, although the group is told as the host sees it', () => {
    const [place] = placesOf('memory', '35 31 0:32 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory', '4:memory:/docker/abc/inner')
    expect(place).toEqual({ version: 1, folders: ['/sys/fs/cgroup/memory/inner', '/sys/fs/cgroup/memory'] })
  })

  it('that say nothing, or are not there, limit nothing', async () => {
    write('proc/mountinfo', `31 23 0:28 / ${root}/fs rw - cgroup2 cgroup2 rw\n`)
    write('proc/cgroup', '0::/\n')
    expect(await readCgroupLimits(join(root, 'proc'))).toEqual({})
    expect(await readCgroupLimits(join(root, 'nowhere'))).toEqual({})
  })
})

describe('the machine', () => {
  it('is bounded by its control group', () => {
    expect(bound({ CPU: 8, Memory: 100 }, { CPU: 1.5 })).toEqual({ CPU: 1.5, Memory: 100 })
    expect(bound({ CPU: 1, Memory: 100 }, { CPU: 4, Memory: 50 })).toEqual({ CPU: 1, Memory: 50 })
  })

  it('is measured, with the disk of a folder that does not exist yet', async () => {
    const machine = await measureMachine(join(root, 'not', 'yet'))
    expect(machine.CPU).toBeGreaterThan(0)
    expect(machine.Memory).toBeGreaterThan(1e8)
    expect(machine.Disk).toBeGreaterThan(0)
  })
})
