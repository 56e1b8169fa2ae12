import { describe, expect, it } from 'vitest'
import { nodeWords, type NodeStatus, type NodeWord } from '../../../../renderer/state/nodes/node-status'
import { statusText } from '../../../../renderer/state/nodes/status-text'

const now = 1_800_000_000_000
const status = (word: NodeWord, since?: number, until?: number): NodeStatus => ({
  word,
  core: 'up',
  ring: 'connected',
  plain: false,
  ...(since === undefined ? {} : { since }),
  ...(until === undefined ? {} : { until }),
})
const plain = (text: string): string => text.replaceAll('\u00a0', ' ')

describe('statusText', () => {
  it.each([
    [status('connected', now - 5000), 'Connected'],
    [status('pending'), 'Pending approval'],
    [status('socketLost', now - 4000), 'Socket lost 4 s ago'],
    [status('socketLost', now - 116_000), 'Socket lost 1 m 56 s ago'],
    [status('reconnecting', now - 12_000, now + 3000), 'Reconnecting 12 s'],
    [status('disconnected', now - 3 * 3_600_000 - 5 * 60_000), 'Disconnected 3 h'],
    [status('disconnected'), 'Disconnected'],
    [status('stopped', now - 60_000), 'Stopped 1 m'],
    [status('stopped'), 'Stopped'],
    [status('starting', now - 200), 'Starting 0.2 s'],
    [status('crashed', now - 1800, now + 3200), 'Crashed, again in 4 s'],
    [status('crashed', now - 1800), 'Crashed 1 s ago'],
    [status('refused', now, now + 3000), 'Refused, next try in 3 s'],
    [status('conflict', now), 'Two under one name'],
    [status('rejected'), 'Rejected'],
  ])('says %o as "%s"', (told, words) => {
    expect(plain(statusText(told, now))).toBe(words)
  })

  it('has words for every state', () => {
    for (const word of Object.keys(nodeWords) as NodeWord[]) {
      expect(statusText(status(word), now)).toMatch(/^[A-Z]/)
      expect(statusText(status(word, now - 1000, now + 1000), now)).not.toContain('{{')
    }
  })
})
