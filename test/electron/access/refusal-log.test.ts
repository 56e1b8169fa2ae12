import { describe, expect, it } from 'vitest'
import { createRefusalLog, type RefusalNotice } from '../../../electron/access/refusal-log'

const refused: RefusalNotice = { at: 1000, node: 'n-1', host: '10.0.0.7', reason: 'wrong-token', fingerprint: 'ab12' }

describe('createRefusalLog', () => {
  it('counts a node that keeps trying, with its latest time and token', () => {
    const log = createRefusalLog()
    log.add(refused)
    expect(log.add({ ...refused, at: 2000, fingerprint: 'cd34' })).toEqual({ ...refused, at: 2000, fingerprint: 'cd34', count: 2 })
    expect(log.list()).toHaveLength(1)
  })

  it('keeps other nodes, hosts and reasons apart, the newest first', () => {
    const log = createRefusalLog()
    log.add(refused)
    log.add({ ...refused, host: '10.0.0.8' })
    log.add({ ...refused, reason: 'bad-name' })
    log.add({ ...refused, node: 'n-2' })
    log.add(refused)
    expect(log.list().map(({ node, host, reason, count }) => [node, host, reason, count])).toEqual([
      ['n-1', '10.0.0.7', 'wrong-token', 2],
      ['n-2', '10.0.0.7', 'wrong-token', 1],
      ['n-1', '10.0.0.7', 'bad-name', 1],
      ['n-1', '10.0.0.8', 'wrong-token', 1],
    ])
  })

  it('holds no more than it can show, dropping what has been quiet longest', () => {
    const log = createRefusalLog()
    for (let index = 0; index < 1000; index += 1) log.add({ ...refused, node: `n-${index}` })
    expect(log.list()).toHaveLength(200)
    expect(log.list()[0]?.node).toBe('n-999')
  })

  it('makes a stranger’s name fit to be shown', () => {
    const { node } = createRefusalLog().add({ ...refused, node: `evil\u001b[31m\n${'x'.repeat(10_000)}` })
    expect(node).toMatch(/^evil.\[31m.x+$/u)
    expect(node).toHaveLength(128)
  })
})
