import { describe, expect, it } from 'vitest'
import { withoutZeros } from '../../../electron/http/without-zeros'
import { defaultConfig } from '../../../shared/config/schema'
import { loadExchanges } from '../../fixtures/http/exchanges'

function leaves(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || Object.keys(value).length === 0) return [path]
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`))
}

describe('withoutZeros', () => {
  it('leaves out what is nothing, and keeps sections', () => {
    const section = { a: '', b: 0, c: false, d: [], e: {}, f: '0s', g: null, kept: 'x', TLS: { Insecure: false, CAFile: '' }, Auth: { Token: '' } }
    expect(withoutZeros(section)).toEqual({ kept: 'x', TLS: { Insecure: false }, Auth: {} })
  })

  it('shows of the defaults what a real node shows', () => {
    const [recorded] = loadExchanges('agent-config').filter(({ response }) => response.status === 200)
    const theirs = leaves((recorded?.response.body as { config: object }).config)
    const ours = leaves(withoutZeros(defaultConfig))
    const own = ours.filter((path) => !theirs.some((one) => one === path || one.startsWith(`${path}.`)))
    // Keys of ours; and the recorded node was told not to look for newer versions.
    expect(own.filter((path) => !/^(Orchestrator\.(Jobs|WebSocket)|Engines\.Types\.Native|UpdateConfig\.Interval)/.test(path))).toEqual([])
    expect(ours.length - own.length).toBeGreaterThan(40)
  })
})
