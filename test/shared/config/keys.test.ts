import { describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors'
import { configKeys, findKey, lookUpKey, suggestKey } from '../../../shared/config/keys'
import bacalhauKeys from '../../fixtures/config/bacalhau-keys.json'

/** Defaults that differ on purpose; docs/differences.md says why. */
const different = new Set(['API.Host', 'Orchestrator.Host', 'DataDir', 'Orchestrator.Scheduler.WorkerCount'])

describe('configKeys', () => {
  it('has every key of Bacalhau, with its default', () => {
    for (const { Key, Value } of bacalhauKeys) {
      const key = lookUpKey(Key)
      expect(key?.name, Key).toBe(Key)
      if (different.has(Key)) continue
      const empty = key?.kind === 'list' || Key === 'API.Auth.Users' ? [] : {}
      expect(key?.default, Key).toEqual(Value ?? empty)
    }
  })

  it('documents every key in words of its own and says when a change takes hold', () => {
    for (const key of configKeys) {
      expect(key.documentation.length, key.name).toBeGreaterThan(15)
      expect(['live', 'reconnect', 'restart', 'reset'], key.name).toContain(key.effect)
      if (!bacalhauKeys.some(({ Key }) => Key === key.name)) expect(key.documentation, key.name).toContain('Shoal only')
    }
  })

  it('marks what must not be shown', () => {
    expect(configKeys.filter((key) => key.secret === true).map((key) => key.name)).toEqual([
      'API.Auth.Users',
      'Compute.Auth.Token',
      'Orchestrator.Auth.Token',
    ])
  })
})

describe('findKey', () => {
  it('takes any case', () => {
    expect(findKey('api.PORT').name).toBe('API.Port')
  })

  it.each([
    ['Orchestrator.Prot', 'Orchestrator.Port'],
    ['compute.orchestrator', 'Compute.Orchestrators'],
    ['Orchestrator.Auth.Tokn', 'Orchestrator.Auth.Token'],
    ['DisconnectTimeout', 'Orchestrator.NodeManager.DisconnectTimeout'],
    ['Compute.TLS', 'Compute.TLS.CACert'],
  ])('suggests for %s', (wrong, right) => {
    expect(suggestKey(wrong)).toBe(right)
    expect(() => findKey(wrong)).toThrow(new RegExp(`"${wrong}".*${right}`))
  })

  it('suggests nothing far-fetched', () => {
    expect(suggestKey('No.Such.Key')).toBeUndefined()
    expect(() => findKey('No.Such.Key')).toThrow(AppError)
  })
})
