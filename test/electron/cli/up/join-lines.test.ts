import { describe, expect, it } from 'vitest'
import { joinLines } from '../../../../electron/cli/up/join-lines'

const facts = { addresses: ['192.0.2.1', 'fd00::2'], reach: { host: '0.0.0.0', port: 4222, shared: true }, configFile: '/c/config.yaml' }

describe('joinLines', () => {
  it('names an address of this machine, and where the token is', () => {
    expect(joinLines(facts)).toEqual([
      'To join from another machine:',
      '  shoal config set Compute.Auth.Token=TOKEN',
      '  shoal serve --compute -c Compute.Orchestrators=192.0.2.1:4222',
      '  (also at fd00::2)',
      'TOKEN is shown by: shoal config get Orchestrator.Auth.Token -c /c/config.yaml',
    ])
  })

  it('takes the address that is listened on where it is one only', () => {
    expect(joinLines({ ...facts, reach: { host: 'fd00::2', port: 1, shared: true } })[2]).toContain('[fd00::2]:1')
  })

  it('promises nothing that does not work', () => {
    expect(joinLines({ ...facts, reach: { ...facts.reach, shared: false } })).toEqual([expect.stringContaining('this machine only')])
    expect(joinLines({ ...facts, addresses: [] })).toEqual([expect.stringContaining('no network address')])
  })
})
