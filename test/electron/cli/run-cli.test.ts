import { spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { makeShoalHome } from '../../fixtures/shoal-command'
import type { ShoalHome } from '../../fixtures/shoal-command'

let home: ShoalHome
beforeAll(() => {
  home = makeShoalHome()
})
afterAll(() => home.remove())

describe('the command line', () => {
  it.each<[string[], RegExp]>([
    [[], /Usage: shoal/],
    [['--help'], /shoal serve --orchestrator/],
    [['node'], /approve/],
    [['help', 'config', 'set'], /Examples:/],
    [['serve', '--help'], /--orchestrator[^]*Examples:/],
    [['node', 'list', '--help'], /--filter-approval[^]*Global Options:[^]*--api-host/],
    [['--version'], /^shoal \d+\.\d+\.\d+\n$/],
  ])('helps: %j', async (args, says) => {
    const { code, out, err } = await home.run(args)
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(says)
  })

  it.each<[string[], RegExp]>([
    [['nope'], /^Error: unknown command "nope" for "shoal"/],
    [['nope', '--help'], /^Error: unknown command "nope" for "shoal"/],
    [['job', 'nope', '-h'], /unknown command "nope" for "shoal job"/],
    [['job', 'run', '--wait=perhaps', 'job.yaml'], /^Error: --wait cannot be "perhaps"\. It is true or false\./],
    [['docker', 'run', '--dry-run', 'alpine', 'sh', '-c', 'echo hi'], /no config key "echo hi"/],
    [['docker', 'run', '--dry-run', '--concurrency', '2', '--count', '2', 'alpine'], /--concurrency.*--count/],
    [['docker', 'run', '--dry-run', '-s', 'a=b', '--constraints', 'a=b', 'alpine'], /--selector.*--constraints/],
    [['node', 'lst'], /unknown command "lst" for "shoal node"\. Did you mean list\?/],
    [['help', 'nod'], /unknown command "nod".*Did you mean node\?/],
    [['node', 'list', '--no-such-flag'], /unknown flag: --no-such-flag/],
    [['node', 'list', '--filter-statsu', 'x'], /unknown flag: --filter-statsu\. Did you mean --filter-status\?/],
    [['node', 'list', '--output', 'xml'], /--output cannot be "xml".*table, csv, json, yaml/],
    [['node', 'list', '--limit', '-1'], /--limit cannot be "-1"/],
    [
      ['node', 'list', '--filter-approval', 'bogus'],
      /cannot use 'bogus' as filter-approval value, should be one of: \["approved" "pending" "rejected"\]/,
    ],
    [['node', 'list', '--labels', 'zone==='], /could not parse labels: /],
    [['node', 'list', '--order-by'], /--order-by needs a value/],
    [['node', 'describe'], /needs the argument ID/],
    [['node', 'approve', 'a', 'b'], /too many arguments/],
    [['-c', 'API.Port=0', '--data-dir', '/nowhere', 'serve', '-c', 'Orchestrator.Cluster.Port=1'], /Orchestrator\.Cluster\.Port is set.*not built/],
    [['serve', '--orchestartor'], /unknown flag: --orchestartor\. Did you mean --orchestrator\?/],
    [['serve', '-c', 'Orchestrator.Prot=1'], /no config key "Orchestrator\.Prot"\. Did you mean Orchestrator\.Port\?/],
    [['--Compute.Orchestartors=x', 'node', 'list'], /no config key "Compute\.Orchestartors"\. Did you mean Compute\.Orchestrators\?/],
    [['node', 'list', '-c'], /-c needs a value/],
  ])('names the fault: %j', async (args, says) => {
    const { code, out, err } = await home.run(args)
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(says)
    expect(err).toMatch(/^Error: /)
  })

  it('names the address where no server is, and the next step', async () => {
    const { code, err } = await home.run(['node', 'list', '--api-host', '127.0.0.1', '--api-port', '9'])
    expect(code).toBe(1)
    expect(err).toMatch(/^Error: .*http:\/\/127\.0\.0\.1:9 .*\nHint: .*--api-port/)
  })

  it('says so when what it prints is lost', async () => {
    const started = spawn(process.execPath, [resolve('dist/cli.js'), 'job', 'schema'], {
      env: { ...process.env, HOME: home.home },
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    })
    let err = ''
    started.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text))
    const code = await new Promise((done) => started.once('close', done))
    expect([code, err]).toEqual([1, expect.stringMatching(/^Error: Not everything could be written to standard output: the disk is full\.\nHint: /)])
  })

  it('says so in a folder that is gone', async () => {
    const { code, err } = await new Promise<{ code: unknown; err: string }>((done) => {
      const shell = spawn(
        'sh',
        ['-c', 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$1" token generate', process.execPath, resolve('dist/cli.js')],
        {
          cwd: home.home,
          stdio: ['ignore', 'ignore', 'pipe'],
        },
      )
      let text = ''
      shell.stderr.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      shell.once('close', (status) => done({ code: status, err: text }))
    })
    expect([code, err]).toEqual([1, expect.stringMatching(/^Error: The folder that this command was started in is gone\.\nHint: /)])
  })

  it('tells its version also where no server is', async () => {
    const { code, out } = await home.run(['version', '--output', 'json', '--api-port', '9'])
    expect(code).toBe(0)
    const versions = JSON.parse(out) as Readonly<Record<string, { readonly GitVersion: string }>>
    expect(Object.keys(versions)).toEqual(['clientVersion'])
    expect(versions['clientVersion']?.GitVersion).toMatch(/^v\d/)
  })

  it('takes flags by their old names, and says the new ones', async () => {
    const { code, out, err } = await home.run(['docker', 'run', '--dry-run', '-s', 'zone=north', '--concurrency', '3', 'alpine'])
    expect(code).toBe(0)
    expect(parse(out)).toMatchObject({ Count: 3, Constraints: [{ Key: 'zone', Operator: '=', Values: ['north'] }] })
    expect(err).toMatch(/--selector is the old name of --constraints[^]*--concurrency is the old name of --count/)
  })

  it('makes tokens that nobody can guess, one a line', async () => {
    const [one, two] = await Promise.all([home.run(['token', 'generate']), home.run(['token', 'generate'])])
    expect(one.out).toMatch(/^[\w-]{43}\n$/)
    expect(one.out).not.toBe(two.out)
  })
})
