import { describe, expect, it } from 'vitest'
import { findKey } from '../../../../shared/config/keys'
import { changedKeys } from '../../../../renderer/features/config/changed-keys'

describe('changedKeys', () => {
  it('names changed keys in the schema’s spelling, with their effect', () => {
    const before = 'orchestrator:\n  nodemanager:\n    disconnecttimeout: 1m\n'
    const after = 'Orchestrator:\n  NodeManager:\n    DisconnectTimeout: 30s\n  port: 4300\n'
    expect(changedKeys(before, after)).toEqual([
      { name: 'Orchestrator.NodeManager.DisconnectTimeout', effect: findKey('Orchestrator.NodeManager.DisconnectTimeout').effect },
      { name: 'Orchestrator.Port', effect: 'restart' },
    ])
  })

  it('sees a deleted key, and not a moved or commented one', () => {
    expect(changedKeys('api:\n  port: 1\n', '').map(({ name }) => name)).toEqual(['API.Port'])
    expect(changedKeys('api:\n  port: 1\nx-team: a\n', 'x-team: a # who\napi: { port: 1 }\n')).toEqual([])
  })

  it('takes lists and maps of a key as one value', () => {
    expect(changedKeys('Labels:\n  a: b\n', 'Labels:\n  a: c\n')).toHaveLength(1)
  })

  it('has no effect for keys that nobody knows', () => {
    expect(changedKeys('', 'x-team: platform\n')).toEqual([{ name: 'x-team', effect: 'none' }])
    expect(changedKeys('', 'X-Team:\n  Lead: ana\n')).toEqual([{ name: 'X-Team.Lead', effect: 'none' }])
    expect(changedKeys('X-Team: a\n', '')).toEqual([{ name: 'X-Team', effect: 'none' }])
  })

  it('says nothing of a text that cannot be read', () => {
    expect(changedKeys('a: 1', 'a: [1')).toEqual([])
  })
})
