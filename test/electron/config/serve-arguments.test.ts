import { describe, expect, it } from 'vitest'
import { parseServeArguments } from '../../../electron/config/serve-arguments'

describe('parseServeArguments', () => {
  it('reads roles, name and configuration', () => {
    expect(parseServeArguments(['--orchestrator', '--compute=false', '--name', 'one', '-c', 'API.Port=1', '--Compute.Orchestrators=T@h'])).toEqual({
      flags: {
        config: ['API.Port=1'],
        keys: [
          { name: 'Compute.Orchestrators', text: 'T@h', flag: '--Compute.Orchestrators' },
          { name: 'Orchestrator.Enabled', text: 'true', flag: '--orchestrator' },
          { name: 'Compute.Enabled', text: 'false', flag: '--compute' },
        ],
      },
      name: 'one',
      help: false,
    })
  })

  it.each([
    [['--orchestartor'], /unknown flag: --orchestartor.*--orchestrator/],
    [['--nope'], /unknown flag: --nope$/],
    [['compute'], /"compute"/],
    [['--name'], /--name needs a value/],
    [['__proto__'], /"__proto__"/],
  ])('refuses %j', (argv, message) => {
    expect(() => parseServeArguments(argv)).toThrow(message)
  })

  it('sees that help is wanted', () => {
    expect(parseServeArguments(['--compute', '-h']).help).toBe(true)
  })
})
