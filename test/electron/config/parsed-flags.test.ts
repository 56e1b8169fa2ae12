import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { takeConfigFlags } from '../../../electron/config/parsed-flags'
import { AppError } from '../../../shared/errors'

describe('takeConfigFlags', () => {
  it('takes what is configuration and leaves the rest in order', () => {
    const argv = [
      'node',
      'list',
      '-c',
      'API.Port=1',
      '--labels',
      'zone=a',
      '--config',
      'a.yaml',
      '--config=b.yml',
      '-cOrchestrator.Enabled',
      '--api-host=h',
      '--api-port',
      '2',
      '--data-dir',
      '/d',
      '--wide',
    ]
    expect(takeConfigFlags(argv)).toEqual({
      flags: {
        config: ['API.Port=1', 'a.yaml', 'b.yml', 'Orchestrator.Enabled'],
        keys: [
          { name: 'API.Host', text: 'h', flag: '--api-host' },
          { name: 'API.Port', text: '2', flag: '--api-port' },
        ],
        dataDir: '/d',
      },
      rest: ['node', 'list', '--labels', 'zone=a', '--wide'],
    })
  })

  it('takes every key as a flag, in any case', () => {
    const { flags, rest } = takeConfigFlags([
      '--Compute.Orchestrators=T@h:1',
      '--compute.auth.TOKEN',
      'x=y',
      '--Orchestrator.Enabled',
      '--API.TLS.UseTLS=false',
      '--Labels=a=b',
      'serve',
    ])
    expect(flags.keys).toEqual([
      { name: 'Compute.Orchestrators', text: 'T@h:1', flag: '--Compute.Orchestrators' },
      { name: 'Compute.Auth.Token', text: 'x=y', flag: '--compute.auth.TOKEN' },
      { name: 'Orchestrator.Enabled', text: 'true', flag: '--Orchestrator.Enabled' },
      { name: 'API.TLS.UseTLS', text: 'false', flag: '--API.TLS.UseTLS' },
      { name: 'Labels', text: 'a=b', flag: '--Labels' },
    ])
    expect(rest).toEqual(['serve'])
  })

  it('looks at nothing after --', () => {
    expect(takeConfigFlags(['a', '--', '-c', 'x'])).toEqual({ flags: { config: [], keys: [] }, rest: ['a', '--', '-c', 'x'] })
  })

  it('names the nearest key for a misspelt one, and the flag without its value', () => {
    expect(() => takeConfigFlags(['--Compute.Orchestartors=x'])).toThrow('Compute.Orchestrators')
    expect(() => takeConfigFlags(['--api-port'])).toThrow('--api-port needs a value')
  })

  it('never throws anything but an AppError', () => {
    const word = fc.oneof(fc.string(), fc.constantFrom('-c', '--config', '--data-dir', '--API.Port', '--', '-c=x', '--x.y=1'))
    fc.assert(
      fc.property(fc.array(word), (argv) => {
        try {
          const { rest } = takeConfigFlags(argv)
          expect(rest.length).toBeLessThanOrEqual(argv.length)
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
        }
      }),
    )
  })
})
