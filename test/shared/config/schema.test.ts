import { describe, expect, it } from 'vitest'
import { defaultConfig } from '../../../shared/config/schema'
import { configSchema } from '../../../shared/config/zod-schema'

describe('configSchema', () => {
  it('fills everything with the defaults', () => {
    expect(configSchema().parse({})).toEqual(defaultConfig)
  })

  it('keeps keys that it does not know', () => {
    expect(configSchema().parse({ Later: { Key: 1 }, API: { Newer: true } })).toMatchObject({ Later: { Key: 1 }, API: { Newer: true, Port: 1234 } })
  })

  it.each([
    { API: { Port: 70_000 } },
    { API: { Port: '1234' } },
    { Orchestrator: { NodeManager: { DisconnectTimeout: 'soon' } } },
    { Labels: { a: 1 } },
  ])('refuses %j', (tree) => {
    expect(configSchema().safeParse(tree).success).toBe(false)
  })
})
