import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { takeConfigFlags } from '../../../electron/config/parsed-flags'
import { resolveConfig } from '../../../electron/config/resolve-config'
import type { ResolvedConfig } from '../../../electron/config/resolve-config'
import { AppError } from '../../../shared/errors'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'shoal-config-'))
  mkdirSync(join(home, '.shoal'))
  mkdirSync(join(home, 'cwd'))
})
afterEach(() => rmSync(home, { recursive: true }))

function resolved(args: readonly string[] = [], env: Record<string, string> = {}): Promise<ResolvedConfig> {
  return resolveConfig({ flags: takeConfigFlags(args).flags, env, cwd: join(home, 'cwd'), homeDir: home })
}

function write(path: string, text: string): string {
  const full = join(home, path)
  writeFileSync(full, text)
  return full
}

describe('precedence', () => {
  beforeEach(() => {
    write('.shoal/config.yaml', 'api:\n    port: 4321\n')
    write('other.yaml', 'API:\n  Port: 5555\n')
  })
  const other = () => join(home, 'other.yaml')
  const own = () => join(home, '.shoal', 'config.yaml')

  it.each<[string, () => readonly string[], Record<string, string>, number, string]>([
    ['the file of the data directory', () => [], {}, 4321, 'file'],
    ['-c key=value', () => ['-c', 'API.Port=1'], {}, 1, 'flag'],
    ['a flag', () => ['--api-port', '2'], {}, 2, 'flag'],
    ['the environment', () => [], { BACALHAU_API_PORT: '3' }, 3, 'environment'],
    ['a flag over the environment', () => ['--api-port', '2'], { BACALHAU_API_PORT: '3' }, 2, 'flag'],
    ['-c over a flag', () => ['--api-port', '2', '-c', 'API.Port=1'], {}, 1, 'flag'],
    ['-c over the environment', () => ['-c', 'api.port=1'], { BACALHAU_API_PORT: '3' }, 1, 'flag'],
    ['a key as a flag', () => ['--API.Port=6'], { BACALHAU_API_PORT: '3' }, 6, 'flag'],
    ['the later of two', () => ['-c', 'API.Port=1', '-c', 'API.Port=7'], {}, 7, 'flag'],
    ['SHOAL_ over BACALHAU_', () => [], { BACALHAU_API_PORT: '3', SHOAL_API_PORT: '8' }, 8, 'environment'],
    ['an empty variable is none', () => [], { SHOAL_API_PORT: '', BACALHAU_API_PORT: '3' }, 3, 'environment'],
    ['a file by -c instead of that of the data directory', () => ['-c', other()], {}, 5555, 'file'],
    ['the later file', () => ['-c', other(), '-c', own()], {}, 4321, 'file'],
    ['a boolean key alone', () => ['-c', 'Orchestrator.Enabled'], {}, 4321, 'file'],
  ])('%s', async (_, args, env, port, source) => {
    const { config, provenance, isExplicit } = await resolved(args(), env)
    expect(config.API.Port).toBe(port)
    expect(provenance.get('API.Port')?.source).toBe(source)
    expect(isExplicit('api.port')).toBe(true)
    expect(isExplicit('WebUI.Enabled')).toBe(false)
  })

  it('tells where each value comes from', async () => {
    const { provenance, files } = await resolved(['-c', 'Labels=a=b', '--api-host', 'h'], { SHOAL_COMPUTE_AUTH_TOKEN: 't' })
    expect(provenance.get('Labels')?.detail).toBe('-c Labels')
    expect(provenance.get('API.Host')?.detail).toBe('--api-host')
    expect(provenance.get('Compute.Auth.Token')?.detail).toBe('SHOAL_COMPUTE_AUTH_TOKEN')
    expect(provenance.get('API.Port')?.detail).toBe(`${own()}:2`)
    expect(provenance.get('WebUI.Listen')).toEqual({ source: 'default', detail: 'default' })
    expect(files).toEqual([own()])
  })

  it('leaves a set key alone when only another key of its group is set elsewhere', async () => {
    const { config } = await resolved(['-c', other()], { SHOAL_API_HOST: 'h' })
    expect(config.API).toMatchObject({ Host: 'h', Port: 5555 })
  })
})

describe('defaults of this machine', () => {
  it('opens the node port only with a token', async () => {
    expect((await resolved()).config.Orchestrator.Host).toBe('127.0.0.1')
    const open = await resolved(['-c', 'Orchestrator.Auth.Token=long-enough-token'])
    expect(open.config.Orchestrator.Host).toBe('0.0.0.0')
    expect(open.isExplicit('Orchestrator.Host')).toBe(false)
    expect((await resolved(['-c', 'Orchestrator.Auth.Token=t', '-c', 'Orchestrator.Host=10.0.0.1'])).config.Orchestrator.Host).toBe('10.0.0.1')
  })

  it('counts the CPUs', async () => {
    expect((await resolved()).config.Orchestrator.Scheduler.WorkerCount).toBe(availableParallelism())
  })
})

describe('the data directory', () => {
  it.each<[string, readonly string[], Record<string, string>, string]>([
    ['default', [], {}, '.shoal'],
    ['--data-dir, relative to the working folder', ['--data-dir', 'here'], {}, 'cwd/here'],
    ['-c, relative too', ['-c', 'DataDir=../there'], {}, 'there'],
    ['~', ['--data-dir', '~/x'], {}, 'x'],
    ['BACALHAU_DIR', [], { BACALHAU_DIR: '~/b' }, 'b'],
    ['SHOAL_DIR wins', [], { BACALHAU_DIR: '~/b', BACALHAU_DATADIR: '~/c', SHOAL_DIR: '~/s' }, 's'],
    ['the full name wins over the short one', [], { BACALHAU_DIR: '~/b', BACALHAU_DATADIR: '~/c' }, 'c'],
  ])('%s', async (_, args, env, path) => {
    const { dataDir, config } = await resolved(args, env)
    expect(dataDir).toBe(join(home, path))
    expect(config.DataDir).toBe(dataDir)
  })

  it('may be moved by its own file', async () => {
    write('.shoal/config.yaml', 'DataDir: ~/moved\n')
    expect((await resolved()).dataDir).toBe(join(home, 'moved'))
    expect((await resolved(['--data-dir', join(home, '.shoal')])).dataDir).toBe(join(home, '.shoal'))
  })

  it('is taken from the caller where nobody names one', async () => {
    const { dataDir } = await resolveConfig({ flags: { config: [], keys: [] }, env: {}, cwd: home, homeDir: home, defaultDataDir: '/somewhere' })
    expect(dataDir).toBe('/somewhere')
  })

  it.each<[readonly string[], Record<string, string>, string]>([
    [[], { SHOAL_DATADIR: 'relative' }, 'SHOAL_DATADIR'],
    [['--data-dir', '$HOME/x'], {}, '$'],
    [['--data-dir', ' '], {}, 'empty'],
  ])('refuses %j %j', async (args, env, says) => {
    await expect(resolved(args, env)).rejects.toThrow(says)
  })
})

describe('what is wrong is named', () => {
  it.each<[string, readonly string[], Record<string, string>, RegExp]>([
    ['unknown key', ['-c', 'Orchestrator.Prot=1'], {}, /"Orchestrator.Prot".*Orchestrator\.Port/],
    ['key without a value', ['-c', 'API.Port'], {}, /API\.Port needs a value/],
    ['missing file', ['-c', 'nope.yaml'], {}, /nope\.yaml does not exist/],
    ['bad value', ['-c', 'API.Port=x'], {}, /API\.Port expects a whole number.*"x"/],
    ['bad value of a flag', ['--api-port', '99999'], {}, /API\.Port.*"99999"/],
    ['bad value in a variable', [], { BACALHAU_API_PORT: 'x' }, /API\.Port.*BACALHAU_API_PORT/],
  ])('%s', async (_, args, env, message) => {
    const failure = await resolved(args, env).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(AppError)
    expect(String(failure)).toMatch(message)
  })

  it('a file with another ending', async () => {
    write('cwd/conf.json', '{}')
    await expect(resolved(['-c', 'conf.json'])).rejects.toThrow(/\.yaml or \.yml/)
  })

  it('a folder in place of a file', async () => {
    mkdirSync(join(home, 'd.yaml'))
    await expect(resolved(['-c', join(home, 'd.yaml')])).rejects.toThrow('is a folder')
  })

  it('a pipe that nobody writes to in place of the file', async () => {
    execFileSync('mkfifo', [join(home, '.shoal/config.yaml')])
    await expect(resolved()).rejects.toThrow(/it is no file, but a pipe/)
  })

  it('a link to something endless in place of the file', async () => {
    symlinkSync('/dev/zero', join(home, '.shoal/config.yaml'))
    await expect(resolved()).rejects.toThrow(/it is longer than 4 MiB/)
  })

  it('a broken file, with its place; the file stays', async () => {
    const text = 'API:\n  Port: [1\n'
    const path = write('.shoal/config.yaml', text)
    const failure = await resolved().catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(AppError)
    expect(String(failure)).toContain(`${path}, line 3, column 1`)
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  it('a wrong value in a file, with its place', async () => {
    const path = write('.shoal/config.yaml', 'API:\n  Port: many\n')
    await expect(resolved()).rejects.toThrow(`${path}, line 2, column 9: Config key API.Port expects a whole number from 0 to 65535, received "many"`)
  })

  it('a secret is not repeated', async () => {
    write('.shoal/config.yaml', 'Orchestrator:\n  Auth:\n    Token: [very-secret]\n')
    const failure = await resolved().catch((error: unknown) => error)
    expect(String(failure)).toContain('Orchestrator.Auth.Token')
    expect(String(failure)).not.toContain('very-secret')
  })
})

describe('notices', () => {
  it('unknown keys of a file, with the nearest name', async () => {
    write('.shoal/config.yaml', 'Orchestrator:\n  Prot: 1\nFuture: {}\n')
    const { notices } = await resolved()
    expect(notices.join('\n')).toMatch(/line 2: There is no config key Orchestrator\.Prot.*Orchestrator\.Port/)
    expect(notices.join('\n')).toMatch(/line 3: There is no config key Future/)
  })

  it('LOG_LEVEL is not ours alone', async () => {
    const { config, notices } = await resolved([], { LOG_LEVEL: 'verbose' })
    expect(config.Logging.Level).toBe('info')
    expect(notices).toHaveLength(1)
    expect((await resolved([], { LOG_LEVEL: 'debug' })).config.Logging.Level).toBe('debug')
    expect((await resolved([], { LOG_LEVEL: 'debug', BACALHAU_LOGGING_LEVEL: 'warn' })).config.Logging.Level).toBe('warn')
  })

  it('misspelt variables of ours', async () => {
    expect((await resolved([], { SHOAL_COMPUTE_ORCHESTRATOR: 'x' })).notices).toEqual([
      'The variable SHOAL_COMPUTE_ORCHESTRATOR sets nothing. Did you mean SHOAL_COMPUTE_ORCHESTRATORS?',
    ])
    expect((await resolved([], { SHOAL_BIN: 'x', SHOAL_DIR: home, HOME: 'x' })).notices).toEqual([])
  })

  it('an empty file', async () => {
    write('.shoal/config.yaml', '# nothing yet\n')
    expect((await resolved()).notices[0]).toContain('is empty')
  })
})

describe('.env of the working folder', () => {
  it('counts as environment and loses to the real one', async () => {
    write('cwd/.env', 'BACALHAU_API_PORT=11\nSHOAL_API_HOST="h"\nPATH=/nowhere\n')
    expect((await resolved()).config.API).toMatchObject({ Port: 11, Host: 'h' })
    expect((await resolved([], { BACALHAU_API_PORT: '12' })).config.API.Port).toBe(12)
  })
})

describe('any input', () => {
  it('gives a whole configuration or an AppError', async () => {
    const argument = fc.oneof(
      fc
        .tuple(fc.constantFrom('API.Port', 'Labels', 'Compute.Orchestrators', 'DataDir', 'Orchestrator.Enabled', 'Nope'), fc.string())
        .map(([key, value]) => `${key}=${value}`),
      fc.string(),
    )
    const text = fc.oneof(
      fc.string(),
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc.constantFrom('API: {Port: 1}', 'a: &a [*a]', '? [x]\n: y', 'API: &x\n  TLS: *x\n'),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(argument, { maxLength: 3 }), text, async (args, file) => {
        write('.shoal/config.yaml', file)
        try {
          const { config } = await resolved(args.flatMap((value) => ['-c', value]))
          expect(typeof config.API.Port).toBe('number')
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
        }
        expect(readFileSync(join(home, '.shoal/config.yaml'), 'utf8')).toBe(file)
      }),
      { numRuns: 300 },
    )
  })
})
