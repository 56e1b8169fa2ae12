import { describe, expect, it } from 'vitest'
import { eventually } from '../../fixtures/eventually'
import { jobsApi, wasmJob } from '../../fixtures/jobs-api'
import { connectionOf, natsServerPid, serveNode, settings, whenListed } from '../../fixtures/served-node'
import type { ServedNode } from '../../fixtures/served-node'
import { builtHome } from '../../fixtures/built-home'

const home = builtHome()

/** The server that runs now; while there is none, 0. */
function serverOf(node: ServedNode): number {
  try {
    return natsServerPid(node)
  } catch {
    return 0
  }
}

describe('a nats-server that is alive and does nothing', () => {
  it('is replaced within seconds, with nothing lost, and said', async () => {
    const node = await serveNode(home, [
      '--orchestrator',
      '--compute',
      '--name',
      'orch',
      ...settings({ 'Orchestrator.Port': '0', 'Orchestrator.Host': '127.0.0.1' }),
    ])
    await whenListed(node, 'orch')
    const before = await jobsApi(node.apiUrl).submit(wasmJob(['hello'], { Name: 'before' }))
    const frozen = natsServerPid(node)
    process.kill(frozen, 'SIGSTOP')
    const at = performance.now()
    await eventually(
      'another server is there and the node has joined it',
      async () => {
        return serverOf(node) !== frozen && (await connectionOf(node, 'orch')) === 'CONNECTED'
      },
      15_000,
    )
    // 3.5 s of patience, and time for a new server; a busy machine gets more.
    expect(performance.now() - at).toBeLessThan(10_000)
    expect(node.log()).toMatch(/nats-server is ended to be started again\..*It has not answered for/)
    expect((await jobsApi(node.apiUrl).job(before)).Name).toBe('before')
    const after = await jobsApi(node.apiUrl).submit(wasmJob(['hello'], { Name: 'after' }))
    await jobsApi(node.apiUrl).until(after, 'Completed')
  })
})
