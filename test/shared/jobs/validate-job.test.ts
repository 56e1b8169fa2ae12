import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors'
import { shippedDefaults } from '../../../shared/jobs/apply-defaults'
import { prepareJob } from '../../../shared/jobs/prepare-job'
import { readJob } from '../../../shared/jobs/read-job'
import { submissionFaults } from '../../../shared/jobs/validate-job'
import { sampleSpec } from './sample-spec'

const faults = (fields?: Readonly<Record<string, unknown>>, task?: Readonly<Record<string, unknown>>) =>
  submissionFaults(readJob(sampleSpec(fields, task)))
const ofTask = (text: string): string[] => [`task main validation failed: ${text}`]
const ports = (Type: string, ...Ports: unknown[]) => ({ Network: { Type, Ports } })

describe('submissionFaults', () => {
  it('takes no count that would fill the memory of the orchestrator', () => {
    expect(faults({ Count: 100_000 })).toEqual([])
    expect(faults({ Count: 1_000_000_000 })).toEqual(['job count must be <= 100000'])
  })

  it('finds nothing wrong with a good job', () => expect(faults()).toEqual([]))

  it.each([
    [{ Env: { '': 'x' } }, 'environment variable name cannot be empty'],
    [{ Env: { '1A': 'x' } }, "environment variable '1A' must start with a letter"],
    [{ Env: { 'A-B': 'x' } }, "environment variable 'A-B' can only contain letters, numbers, and underscores"],
    [{ Env: { A: null } }, "environment variable 'A' cannot have empty value"],
    [{ Timeouts: { QueueTimeout: -1 } }, 'invalid timeouts: invalid queue timeout value: -1s'],
    [{ Resources: { Disk: 'big', CPU: 'much' } }, 'invalid resources: invalid CPU value: much\ninvalid disk value: big'],
    [{ InputSources: [{ Target: '/a' }] }, 'invalid input sources: invalid input source: nil spec config'],
    [
      {
        InputSources: [
          { Source: { Type: 'inline' }, Alias: 'x', Target: '/a' },
          { Source: { Type: 'inline' }, Alias: 'x', Target: '/b' },
        ],
      },
      "input source with alias 'x' already exists",
    ],
    [{ ResultPaths: [{ Name: 'a' }] }, 'invalid output: missing path'],
    [
      {
        ResultPaths: [
          { Name: 'a', Path: '/a' },
          { Name: 'b', Path: '/a' },
        ],
      },
      "result path '/a' already exists",
    ],
    [{ Network: { Type: 'HTTP', Domains: ['not a domain'] } }, 'invalid network: invalid domain "not a domain"'],
    [ports('Host', {}), 'invalid network: port mapping name is required'],
    [ports('Host', { Name: 'a', Static: 70_000 }), 'invalid network: static port 70000 is above maximum valid port 65535'],
    [ports('Host', { Name: 'a', Target: 80 }), 'invalid network: target ports cannot be set for Host network mode'],
    [
      ports('Bridge', { Name: 'a', Target: 80 }, { Name: 'a', Target: 80 }),
      'invalid network: duplicate port mapping name "a"\nduplicate port mapping target port 80',
    ],
    [ports('Bridge', { Name: 'a', HostNetwork: '300.1.1.1' }), 'invalid network: invalid host network IP address: 300.1.1.1'],
  ])('%j: %s', (task, text) => expect(faults({}, task)).toEqual(ofTask(text)))

  it.each([
    { Network: { Type: 'HTTP', Domains: ['example.org', '.example.org', '10.0.0.1', '::1'] } },
    ports('bridge', { Name: 'HTTP', Target: 80 }),
    ports('FULL', { Name: 'A', Static: 1024, HostNetwork: '::1' }),
  ])('takes %j', (task) => expect(faults({}, task)).toEqual([]))

  it('numbers constraints from one', () => {
    expect(
      faults({
        Constraints: [
          { Key: 'a', Operator: 'exists' },
          { Key: ' ', Operator: '=', Values: ['a', 'b'] },
        ],
      }),
    ).toEqual(['constraint 2 validation failed: selector key cannot be blank\nselector values must have exactly one value for other operators'])
  })
})

describe('any value at all', () => {
  it('is taken or refused with words, never a crash', () => {
    const scrap = fc.oneof(fc.jsonValue(), fc.constant(sampleSpec()))
    const keys = ['Name', 'Type', 'Count', 'Constraints', 'Meta', 'Tasks', 'State', 'Version', 'labels', 'NAMESPACE']
    const spec = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom(...keys), scrap).map((fields) => sampleSpec(fields)),
      fc
        .dictionary(fc.constantFrom('Name', 'Engine', 'Env', 'InputSources', 'Network', 'Resources', 'Timeouts', 'Publisher', 'ResultPaths'), scrap)
        .map((task) => sampleSpec({}, task)),
    )
    fc.assert(
      fc.property(spec, (input) => {
        try {
          expect(prepareJob(input, { defaults: shippedDefaults, newId: () => 'j-1' }).job.Tasks).toHaveLength(1)
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
          expect((error as AppError).message).not.toBe('')
        }
      }),
      { numRuns: 500 },
    )
  })
})
