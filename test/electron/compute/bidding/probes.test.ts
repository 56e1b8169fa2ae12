import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { askCommand, askUrl } from '../../../../electron/compute/bidding/probes'
import type { Job } from '../../../../shared/models/job'

const job = { ID: 'j-1', Type: 'batch', Meta: { big: 'x'.repeat(300_000) } } as unknown as Job
const small = { ...job, Meta: {} }
const path = process.env['PATH']

describe.skipIf(process.platform === 'win32')('a command that is asked', () => {
  it('gets the job on stdin, whatever its size, and as a variable', async () => {
    expect(await askCommand('grep -q \'"ID":"j-1"\'', job, path)).toEqual({ accepts: true })
    expect(await askCommand('echo "$BACALHAU_JOB_SELECTION_PROBE_DATA" | grep -q \'"ID":"j-1"\'', small, path)).toEqual({ accepts: true })
    expect(await askCommand('true', job, path)).toEqual({ accepts: true })
  })
  it('refuses by its exit code, with what it said', async () => {
    expect(await askCommand('echo too old >&2; exit 3', job, path)).toEqual({ accepts: false, reason: 'this node does not accept this job: too old' })
    expect(await askCommand('exit 3', job, path)).toEqual({
      accepts: false,
      reason: 'this node does not accept jobs where external command "exit 3" returns exit code 3',
    })
  })
  it('sees nothing of the environment of the node', async () => {
    expect(await askCommand('test -z "$HOME"', job, path)).toEqual({ accepts: true })
  })
  it('that does not end is a failure', async () => {
    await expect(askCommand('sleep 60', job, path, 50)).rejects.toMatchObject({ code: 'probe.silent' })
  })
})

describe('a server that is asked', () => {
  let server: Server | undefined
  afterEach(() => void server?.close())
  const serve = async (status: number, body: string): Promise<string> => {
    server = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(status).end(body))
    })
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/ask`
  }

  it.each([
    [200, '', true],
    [200, 'whatever', true],
    [200, '{"shouldBid":true}', true],
    [202, '{}', true],
  ])('accepts with %i %s', async (status, body) => expect(await askUrl(await serve(status, body), job)).toEqual({ accepts: true }))

  it('refuses by its answer or its status', async () => {
    expect(await askUrl(await serve(200, '{"ShouldBid":false,"Reason":"not today"}'), job)).toEqual({ accepts: false, reason: 'not today' })
    server?.close()
    const url = await serve(403, '')
    expect(await askUrl(url, job)).toEqual({
      accepts: false,
      reason: `this node does not accept jobs where url "${url}" returns HTTP status code 403`,
    })
  })

  it('that is not there is a failure', async () => {
    const url = await serve(200, '')
    await new Promise((resolve) => server?.close(resolve))
    await expect(askUrl(url, job)).rejects.toMatchObject({ code: 'probe.failed' })
  })
})
