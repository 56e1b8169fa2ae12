import { describe, expect, it } from 'vitest'
import { isNodeId, nodeIdOf, subjects, wildcards } from '../../../shared/wire/subjects'
import { recordedMessages } from '../../fixtures/wire/recorded'

/** As a NATS server matches: `*` is one token, `>` the rest. */
const matches = (pattern: string, subject: string): boolean =>
  new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^.]+').replace('>', '.+')}$`).test(subject)

describe('subjects', () => {
  it('cover every subject of a node that was recorded, and tell its id', () => {
    const recorded = new Set(recordedMessages().map(({ subject }) => subject))
    const ofNodes = [...recorded].filter((subject) => /^(bacalhau|node\.(management|compute))\./.test(subject))
    expect(ofNodes.length).toBeGreaterThan(50)
    for (const subject of ofNodes) {
      const nodeId = nodeIdOf(subject) ?? ''
      expect(isNodeId(nodeId), subject).toBe(true)
      const known = Object.values({ ...subjects(nodeId) }).some((pattern) => matches(pattern, subject)) || subject.endsWith('.out.heartbeat')
      expect(known, subject).toBe(true)
    }
  })

  it('of a node stand under the wildcards', () => {
    const { control, requests, management } = subjects('n-1')
    expect(matches(wildcards.control, control)).toBe(true)
    expect(matches(wildcards.requests, requests)).toBe(true)
    expect(matches(wildcards.management, management.replace('>', 'RegisterNode/v1'))).toBe(true)
  })

  it.each(['', 'a.b', 'a b', '*', '>', 'n-1.', 'ä', 'n'.repeat(129)])('%j is no node id', (text) => {
    expect(isNodeId(text)).toBe(false)
  })

  it.each(['_INBOX.abc.1', 'bacalhau.global.compute', 'node.other.n-1.x', ''])('%j belongs to no node', (subject) => {
    expect(nodeIdOf(subject)).toBeUndefined()
  })
})
