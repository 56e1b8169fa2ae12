import { spawn } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { listeningInodes, portOwner } from '../../../electron/process/port-owner'
import { findFreePort } from '../../../electron/process/ports'

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:107E 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 51234 1 0000000000000000 100 0 0 10 0
   1: 0100007F:107E 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 51299 1 0000000000000000 20 4 30 10 -1
   2: 00000000:04D2 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 51301 1 0000000000000000 100 0 0 10 0
`

describe('listeningInodes', () => {
  it('takes listeners of that port only', () => {
    expect(listeningInodes(table, 4222)).toEqual(['51234'])
    expect(listeningInodes(table, 1234)).toEqual(['51301'])
    expect(listeningInodes(table, 80)).toEqual([])
  })
})

describe('portOwner', () => {
  it.each(['127.0.0.1', '::1'])('names the program that listens on %s', async (host) => {
    const script = `require('net').createServer().listen(0, ${JSON.stringify(host)}, function () { console.log(this.address().port) })`
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const port = await new Promise<number>((resolve) => child.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString()))))
    expect(await portOwner(port)).toEqual({ pid: child.pid, name: 'node' })
    child.kill('SIGKILL')
  })

  it('knows nobody on a free port', async () => {
    expect(await portOwner((await findFreePort('127.0.0.1', 0, 1)) ?? 0)).toBeUndefined()
  })
})
