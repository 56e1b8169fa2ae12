import { describe, expect, it } from 'vitest'
import { configRules, isLoopbackHost } from '../../../shared/config/rules'
import { defaultConfig } from '../../../shared/config/schema'
import type { Config } from '../../../shared/config/schema'

const orchestrator = (changes: Partial<Config['Orchestrator']>): Config => ({
  ...defaultConfig,
  Orchestrator: { ...defaultConfig.Orchestrator, ...changes },
})
const told = (config: Config, ...set: string[]): string[] =>
  configRules(config, (key) => set.includes(key)).map(({ severity, keys }) => `${severity} ${keys[0] ?? ''}`)

describe('configRules', () => {
  it('has nothing against the defaults', () => {
    expect(told(defaultConfig)).toEqual([])
  })

  it('takes a token to mean an open port, unless the host says otherwise', () => {
    const weak = orchestrator({ Auth: { Token: 'abc' } })
    expect(told(weak, 'Orchestrator.Auth.Token')).toEqual(['error Orchestrator.Auth.Token'])
    expect(told(weak, 'Orchestrator.Auth.Token', 'Orchestrator.Host')).toEqual([])
    expect(told(orchestrator({ Auth: { Token: 'kR4-w7TzQp_9sLmV2xYb' } }), 'Orchestrator.Auth.Token')).toEqual([])
  })

  it('guards the WebSocket listener as well', () => {
    const open = { WebSocket: { ...defaultConfig.Orchestrator.WebSocket, Enabled: true, Host: '0.0.0.0' } }
    expect(told(orchestrator(open), 'Orchestrator.WebSocket.Host')).toEqual(['error Orchestrator.WebSocket.Host'])
  })

  it('lets a compute node have the port of an orchestrator', () => {
    const config: Config = { ...defaultConfig, API: { ...defaultConfig.API, Port: 4222 } }
    expect(told(config, 'API.Port')).toEqual(['error Orchestrator.Port'])
    expect(told({ ...config, Compute: { ...config.Compute, Enabled: true } }, 'API.Port')).toEqual([])
  })

  it('minds refused keys only where they ask for something', () => {
    expect(told(defaultConfig, 'API.TLS.SelfSigned', 'Orchestrator.Cluster.Port', 'Engines.Disabled')).toEqual([])
    expect(
      told({ ...defaultConfig, API: { ...defaultConfig.API, TLS: { ...defaultConfig.API.TLS, SelfSigned: true } } }, 'API.TLS.SelfSigned'),
    ).toEqual(['error API.TLS.SelfSigned'])
  })

  it('never tells a token, nor a part of one', () => {
    const config = orchestrator({ Host: '0.0.0.0', Auth: { Token: 'wonderland77' } })
    const messages = configRules({ ...config, Compute: { ...config.Compute, Orchestrators: ['wonderland77@bad host'] } }, () => true).map(
      ({ message }) => message,
    )
    expect(messages.length).toBeGreaterThan(1)
    expect(messages.join()).not.toMatch(/wonderland|77/)
  })
})

describe('isLoopbackHost', () => {
  it.each(['127.0.0.1', '127.8.9.1', 'localhost', 'LOCALHOST', '::1', '[::1]', 'loopback'])('%s', (host) => {
    expect(isLoopbackHost(host)).toBe(true)
  })
  it.each(['0.0.0.0', '::', '10.0.0.1', '1270.0.0.1', 'localhost.example', '', 'private'])('not "%s"', (host) => {
    expect(isLoopbackHost(host)).toBe(false)
  })
})
