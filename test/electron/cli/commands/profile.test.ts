import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeShoalHome } from '../../../fixtures/shoal-command'
import type { Finished, ShoalHome } from '../../../fixtures/shoal-command'

let home: ShoalHome
let server: Server
let url: string
/** `Authorization` of each request. */
let shown: (string | undefined)[]
beforeEach(async () => {
  home = makeShoalHome()
  shown = []
  server = createServer((request, response) => {
    shown.push(request.headers.authorization)
    response.setHeader('Content-Type', 'application/json').end('{"Status":"OK"}\n')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  await home.remove()
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
})

const run = (words: string, options: Parameters<ShoalHome['run']>[1] = {}): Promise<Finished> => home.run(words.split(' '), options)
const out = async (words: string, options: Parameters<ShoalHome['run']>[1] = {}): Promise<string> => {
  const done = await run(words, options)
  expect([words, done.code, done.err]).toEqual([words, 0, ''])
  return done.out
}
const fault = async (words: string, options: Parameters<ShoalHome['run']>[1] = {}): Promise<string> => {
  const done = await run(words, options)
  expect([words, done.code, done.out]).toEqual([words, 1, ''])
  return done.err
}
/** Nothing listens on the port of this name. */
const nowhere = 'http://127.0.0.1:9'

describe('profiles', () => {
  it('are saved, listed, shown, selected and deleted, as in Bacalhau', async () => {
    expect(await out('profile list')).toBe('No profiles found\n')
    expect(await out('profile list --output json')).toBe('[]\n')
    expect(await fault('profile show')).toMatch(/no current profile set/)
    expect(await fault('profile save a')).toMatch(/endpoint is required when creating a new profile/)
    expect(await out(`profile save a --endpoint ${url}`)).toBe('Profile "a" saved\n')
    expect(await out('profile save b --endpoint lab:8080 --timeout 5s --insecure --select')).toBe('Profile "b" saved\nSwitched to profile "b"\n')
    expect(await out('profile save b --description other')).toBe('Profile "b" saved\n')
    expect(JSON.parse(await out('profile list --output json'))).toEqual([
      { current: '', name: 'a', endpoint: url, auth: '' },
      { current: '*', name: 'b', endpoint: 'http://lab:8080', auth: '' },
    ])
    expect(await out('profile list --output csv')).toBe(`CURRENT,NAME,ENDPOINT,AUTH\n,a,${url},\n*,b,http://lab:8080,\n`)
    expect(await out('profile show')).toBe(
      'Name:        b (current)\nEndpoint:    http://lab:8080\nAuth:        none\nTLS:         insecure\nTimeout:     5s\nDescription: other\n',
    )
    expect(await out('profile show a')).toBe(`Name:        a\nEndpoint:    ${url}\nAuth:        none\nTLS:         secure\nTimeout:     30s\n`)
    expect(await out('profile select a')).toBe('Switched to profile "a"\n')
    const kept = await run('profile delete a', { input: 'n\n' })
    expect([kept.code, kept.err]).toEqual([1, expect.stringMatching(/current profile\. Delete anyway\? \[y\/N\]: [^]*Profile "a" is kept/)])
    expect((await run('profile delete a', { input: 'y\n' })).out).toBe('Profile "a" deleted\n')
    expect(await fault('profile show')).toMatch(/no current profile set/)
    expect(await out('profile delete b')).toBe('Profile "b" deleted\n')
    expect(await out('profile list')).toBe('No profiles found\n')
  })

  it('lead commands to their API: the flag before the variable before the selected one', async () => {
    await out(`profile save here --endpoint ${url}`)
    await out(`profile save nowhere --endpoint ${nowhere} --select`)
    expect(await fault('agent alive')).toContain(nowhere)
    expect(await out('agent alive --profile here')).toBe('Status: OK\n')
    expect(await out('agent alive', { env: { BACALHAU_PROFILE: 'here' } })).toBe('Status: OK\n')
    expect(await fault('agent alive --profile nowhere', { env: { BACALHAU_PROFILE: 'here' } })).toContain(nowhere)
    // An address that somebody gave counts more than any profile.
    expect(await fault('agent alive --profile here --api-port 9')).toContain('127.0.0.1:9')
    expect(await fault('agent alive --profile her')).toMatch(/profile "her" not found\. Did you mean here\?/)
  })

  it('reads the files of a real Bacalhau, and keeps tokens to itself', async () => {
    const folder = join(home.home, '.shoal', 'profiles')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'lab.yaml'), `endpoint: ${url}\nauth:\n    token: secret-of-the-lab\ntls:\n    insecure: true\n`)
    symlinkSync('lab.yaml', join(folder, 'current'))
    expect(await out('agent alive')).toBe('Status: OK\n')
    expect(shown).toEqual(['Bearer secret-of-the-lab'])
    expect(await out('profile show')).toContain('Auth:        token (secr****-lab)\n')
    expect(await out('profile show --show-token')).toContain('token (secret-of-the-lab)')
    await out('profile save lab --description mine')
    expect(readFileSync(join(folder, 'lab.yaml'), 'utf8')).toContain('token: secret-of-the-lab')
    expect(statSync(join(folder, 'lab.yaml')).mode & 0o777).toBe(0o600)
  })

  it.each([
    ['profile save ../out --endpoint http://x', /"\.\.\/out" cannot be the name of a profile/],
    ['profile save current --endpoint http://x', /"current" cannot be the name/],
    ['profile save x --endpoint ftp://x', /it begins with ftp:\/\//],
    ['profile save x --endpoint http://x --timeout soon', /soon/],
    ['profile select x', /profile "x" not found/],
    ['profile delete x', /profile "x" not found/],
  ])('refuses %s', async (words, says) => {
    expect(await fault(words)).toMatch(says)
  })

  it('names a file that is none', async () => {
    mkdirSync(join(home.home, '.shoal', 'profiles'), { recursive: true })
    writeFileSync(join(home.home, '.shoal', 'profiles', 'odd.yaml'), 'endpoint: [')
    expect(await fault('profile show odd')).toMatch(/odd\.yaml is no profile/)
  })
})
