import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkConfigText } from '../../../electron/config/check-config-text'

const told = (text: string): string[] =>
  checkConfigText(text).map(({ severity, line, column, message }) => `${severity} ${line}:${column} ${message}`)

describe('checkConfigText', () => {
  it('finds nothing wrong with a good file', () => {
    expect(told('')).toEqual([])
    expect(told('# comment\nAPI:\n  Port: 1234\nOrchestrator:\n  Enabled: true\n  Host: 0.0.0.0\n  Auth: {Token: kjh34K2h-sdf8SDF-2kjh}\n')).toEqual(
      [],
    )
    expect(
      told('api:\n    host: 127.0.0.1\ncompute:\n    orchestrators:\n        - nats://T@a:4222\n        - b\nlabels:\n    tier: gold\n'),
    ).toEqual([])
  })

  it.each<[string, string, RegExp]>([
    ['broken YAML', 'API:\n  Port: 1\n Host: x\n', /^error 3:\d+ /],
    ['two documents', 'API:\n  Port: 1\n---\nAPI:\n  Port: 2\n', /^error 3:1 A second document begins here/],
    ['not a mapping', '- a\n', /^error 1:1 The file must hold keys/],
    ['unknown key', 'Orchestrator:\n  Prot: 1\n', /^warning 2:3 .*Orchestrator\.Prot.*Did you mean Orchestrator\.Port\?/],
    ['wrong type', 'API:\n  Port: many\n', /^error 2:9 .*API\.Port expects a whole number/],
    ['port out of range', 'API:\n  Port: 70000\n', /^error 2:9 .*0 to 65535/],
    ['value of a group', 'API: 1\n', /^error 1:1 API is a group/],
    ['key twice', 'API:\n  Port: 1\napi:\n  port: 2\n', /^warning 4:3 API\.Port stands here a second time/],
    ['open without a token', 'Orchestrator:\n  Host: 0.0.0.0\n', /^error 2:9 .*anybody who reaches the port/],
    ['open with a weak token', 'Orchestrator:\n  Auth:\n    Token: hello\n', /^error 3:12 .*weak/],
    ['cluster keys', 'Orchestrator:\n  Cluster:\n    Port: 6222\n', /^error 3:11 Orchestrator\.Cluster\.Port is set.*not built/],
    ['signing in', 'API:\n  Auth:\n    Users: [{Username: ann, Password: sesame-open}]\n', /^error 3:12 API\.Auth\.Users is set/],
    ['certificate without key', 'Orchestrator: {TLS: {ServerCert: /c.pem}}\n', /^error .*needs its key/],
    ['ports that clash', 'API: {Port: 4222}\n', /^error 1:13 .*both 4222/],
    ['address', 'Compute:\n  Orchestrators: ["http://x"]\n', /^error 2:18 Compute\.Orchestrators: /],
    ['mixed addresses', 'Compute:\n  Orchestrators: ["ws://x", "nats://y"]\n', /^error 2:18 .*one list/],
    ['capacity', 'Compute: {AllocatedCapacity: {CPU: lots}}\n', /^error .*500m/],
    ['times', 'Compute: {Heartbeat: {Interval: 0s}}\n', /^error .*longer than nothing/],
    ['relative folder', 'DataDir: x\n', /^error 1:10 DataDir must be an absolute path/],
    ['without effect yet', 'Compute: {Network: {PortRangeStart: 25000}}\n', /^warning .*PortRangeStart is kept/],
    ['open API', 'API: {Host: 0.0.0.0}\n', /^warning .*asks for no password/],
  ])('%s', (_, text, expected) => {
    expect(told(text)).toEqual([expect.stringMatching(expected)])
  })

  it('says in plain words that something is nested without end', () => {
    expect(told('['.repeat(20_000))).toContainEqual(expect.stringMatching(/^error 1:\d+ Something here is nested too deeply/))
  })

  it('says several things in the order of the text', () => {
    const lines = told('Nope: 1\nAPI:\n  Port: x\n  Hots: y\n').map((line) => line.split(' ')[1])
    expect(lines).toEqual(['1:1', '3:9', '4:3'])
  })

  it('never shows a secret', () => {
    expect(told('Orchestrator:\n  Host: 0.0.0.0\n  Auth:\n    Token: s3sam\n').join()).not.toContain('s3sam')
    expect(told('Compute:\n  Orchestrators: ["t0ps3cret@bad host"]\n').join()).not.toContain('t0ps3cret')
  })

  it('never throws, and its places are in the text', () => {
    const lines = fc.array(
      fc.constantFrom(
        'API:',
        '  Port: 1',
        '  TLS: &a',
        '    x: *a',
        'Labels: {a: b',
        '- q',
        '\t',
        'Compute: *nope',
        '"',
        '? ',
        '%YAML 9',
        '---',
        'DataDir: $X',
        '  <<: *a',
      ),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          lines.map((all) => all.join('\n')),
        ),
        (text) => {
          const count = text.split('\n').length
          for (const problem of checkConfigText(text)) {
            expect(problem.line).toBeGreaterThanOrEqual(1)
            expect(problem.line).toBeLessThanOrEqual(count)
            expect(problem.column).toBeGreaterThanOrEqual(1)
          }
        },
      ),
      { numRuns: 1000 },
    )
  })
})
