import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeShoalHome } from '../../fixtures/shoal-command'
import type { Finished, ShoalHome } from '../../fixtures/shoal-command'

let home: ShoalHome
beforeEach(() => {
  home = makeShoalHome()
})
afterEach(() => home.remove())

const file = (): string => join(home.home, '.shoal', 'config.yaml')

async function succeeds(...args: string[]): Promise<Finished> {
  const done = await home.run(args)
  expect(done.code, done.err).toBe(0)
  return done
}

async function listed(...args: string[]): Promise<Map<string, unknown>> {
  const { out } = await succeeds('config', 'list', '--output', 'json', ...args)
  const rows = JSON.parse(out) as readonly { readonly Key: string; readonly Value: unknown }[]
  return new Map(rows.map((row) => [row.Key, row.Value]))
}

describe('config set', () => {
  it('writes what config list and config get then tell', async () => {
    await succeeds('config', 'set', 'API.Port=17999')
    await succeeds('config', 'set', 'compute.orchestrators=one:1,two:2', 'Labels=zone=a,tier=gold')
    await succeeds('config', 'set', 'api.host', '10.0.0.1')
    await succeeds('config', 'set', 'Orchestrator.NodeManager.DisconnectTimeout=90s')
    const values = await listed()
    expect(values.get('API.Port')).toBe(17_999)
    expect(values.get('API.Host')).toBe('10.0.0.1')
    expect(values.get('Compute.Orchestrators')).toEqual(['one:1', 'two:2'])
    expect(values.get('Labels')).toEqual({ zone: 'a', tier: 'gold' })
    expect(values.get('Orchestrator.NodeManager.DisconnectTimeout')).toBe('1m30s')
    expect(values.get('Orchestrator.Port')).toBe(4222)
    expect((await succeeds('config', 'get', 'COMPUTE.orchestrators')).out).toBe('one:1,two:2\n')
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    await succeeds('config', 'set', 'compute.orchestrators', 'a:1', 'b:2')
    expect((await succeeds('config', 'get', 'Compute.Orchestrators')).out).toBe('a:1,b:2\n')
  })

  it('keeps comments and what it does not know, and another file stays another', async () => {
    mkdirSync(join(home.home, '.shoal'))
    writeFileSync(file(), '# mine\nFuture: 1\napi:\n    port: 1 # one\n')
    writeFileSync(join(home.home, 'other.yaml'), '')
    await succeeds('config', 'set', 'API.Port=2')
    await succeeds('config', 'set', '-c', 'other.yaml', 'API.Port=5555')
    expect(readFileSync(file(), 'utf8')).toBe('# mine\nFuture: 1\napi:\n    port: 2 # one\n')
    expect(readFileSync(join(home.home, 'other.yaml'), 'utf8')).toBe('API:\n  Port: 5555\n')
    await succeeds('config', 'unset', 'API.Port')
    expect(readFileSync(file(), 'utf8')).toBe('# mine\nFuture: 1\n')
  })

  it.each<[string[], RegExp]>([
    [['API.Port=many'], /API\.Port expects a whole number.*"many"/],
    [['Orchestrator.Enabled=maybe'], /true or false.*"maybe"/],
    [['No.Such.Key=1'], /no config key "No\.Such\.Key"/],
    [['API=1'], /no config key "API"\. Did you mean API\./],
    [['API.Port'], /"API\.Port" has no value/],
    [[], /needs the argument/],
    [['Labels=zone'], /key=value/],
    [['API.Auth.Users=x'], /config\.yaml/],
    [['-c', 'missing.yaml', 'API.Port=1'], /missing\.yaml does not exist/],
    [['-c', 'API.Port=1', 'API.Host=x'], /-c names the file/],
    [['API.Port=1', 'API.Host=x', 'Nope=1'], /"Nope"/],
  ])('refuses %j and writes nothing', async (args, says) => {
    const { code, err } = await home.run(['config', 'set', ...args])
    expect(code).toBe(1)
    expect(err).toMatch(says)
    expect(() => readFileSync(file())).toThrow('ENOENT')
  })

  it('leaves the file of a real Bacalhau alone, unless it is named', async () => {
    const folder = join(home.home, 'bacalhau')
    mkdirSync(folder)
    writeFileSync(join(folder, 'system_metadata.yaml'), 'RepoVersion: 5\n')
    writeFileSync(join(folder, 'config.yaml'), 'api:\n    port: 4321\n')
    const env = { BACALHAU_DIR: folder }
    const { code, err } = await home.run(['config', 'set', 'API.Port=1'], { env })
    expect(code).toBe(1)
    expect(err).toContain(folder)
    expect(readFileSync(join(folder, 'config.yaml'), 'utf8')).toBe('api:\n    port: 4321\n')
    expect((await home.run(['config', 'get', 'API.Port'], { env })).out).toBe('4321\n')
    expect((await home.run(['config', 'set', '-c', join(folder, 'config.yaml'), 'API.Port=1'], { env })).code).toBe(0)
  })

  it('mends a file whose other value is wrong, and leaves alone one that it cannot read', async () => {
    mkdirSync(join(home.home, '.shoal'))
    writeFileSync(file(), 'API:\n  Port: many\n')
    expect((await home.run(['node', 'list'])).err).toContain(`${file()}, line 2, column 9`)
    await succeeds('config', 'set', 'API.Port=1')
    writeFileSync(file(), 'API: [\n')
    const { code, err } = await home.run(['config', 'set', 'API.Port=1'])
    expect([code, err]).toEqual([1, expect.stringContaining(`${file()}, line 2`)])
    expect(readFileSync(file(), 'utf8')).toBe('API: [\n')
  })
})

describe('secrets', () => {
  beforeEach(async () => {
    await succeeds('config', 'set', 'Orchestrator.Auth.Token=very-secret', 'Compute.Orchestrators=very-secret@host:1')
  })

  it('are shown only when asked for', async () => {
    for (const output of ['table', 'csv', 'json', 'yaml'])
      expect((await succeeds('config', 'list', '--output', output)).out).not.toContain('very-secret')
    expect((await listed('--show-secrets')).get('Orchestrator.Auth.Token')).toBe('very-secret')
    expect((await succeeds('config', 'get', 'Orchestrator.Auth.Token')).out).toBe('very-secret\n')
  })

  it('are not repeated by the command that sets them', async () => {
    const { out, err } = await succeeds('config', 'set', 'Compute.Auth.Token=very-secret')
    expect(out + err).not.toContain('very-secret')
  })
})

describe('config list', () => {
  it('tells where values come from', async () => {
    const { out } = await home.run(['config', 'list', '--output', 'json', '--source', '--api-port', '7'], { env: { BACALHAU_API_HOST: 'h' } })
    const rows = JSON.parse(out) as readonly { readonly Key: string; readonly Source: string }[]
    const source = (key: string): string | undefined => rows.find((row) => row.Key === key)?.Source
    expect([source('API.Port'), source('API.Host'), source('WebUI.Listen')]).toEqual(['--api-port', 'BACALHAU_API_HOST', 'default'])
  })

  it('prints the heads that are known', async () => {
    expect((await succeeds('config', 'list')).out).toMatch(/^ KEY +VALUE +DESCRIPTION +\n/)
    expect((await succeeds('config', 'list', '--output', 'csv')).out).toMatch(/^Key,Value,Description\nAPI\.Auth\.AccessPolicyPath,,/)
  })
})
