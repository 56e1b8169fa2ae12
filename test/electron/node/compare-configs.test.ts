import { describe, expect, it } from 'vitest'
import { compareConfigs } from '../../../electron/node/compare-configs'
import { defaultConfig } from '../../../shared/config/schema'

describe('a changed configuration', () => {
  it('is told apart by what a running node can take over', () => {
    const { Orchestrator, Logging } = defaultConfig
    const after = {
      ...defaultConfig,
      Orchestrator: { ...Orchestrator, Port: 4333, Auth: { Token: 'new' } },
      Logging: { ...Logging, Level: 'debug' as const },
    }
    expect(compareConfigs(defaultConfig, after)).toEqual({ used: ['Logging.Level', 'Orchestrator.Auth.Token'], waiting: ['Orchestrator.Port'] })
    expect(compareConfigs(defaultConfig, structuredClone(defaultConfig))).toEqual({ used: [], waiting: [] })
  })
})
