import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors'
import { matchKeys } from '../../../shared/go-json'
import { shippedDefaults } from '../../../shared/jobs/apply-defaults'
import { jobJsonSchema } from '../../../shared/jobs/job-json-schema'
import { jobSpecSchema } from '../../../shared/jobs/job-spec'
import { jobSpecWords } from '../../../shared/jobs/job-spec-words'
import { prepareJob } from '../../../shared/jobs/prepare-job'
import { readJob } from '../../../shared/jobs/read-job'
import { submissionFaults } from '../../../shared/jobs/validate-job'
import { isSchema } from '../../../shared/json-schema'
import type { Exchange } from '../../fixtures/http/exchanges'
import { sampleSpec } from './sample-spec'

const ajv = new Ajv({ strict: false, allErrors: true })
const forApi = ajv.compile(jobJsonSchema('api'))
const forEditor = ajv.compile(jobJsonSchema('editor'))
/** Whether the schema takes a job as it is written, with keys in any case. */
const fits = (spec: unknown, validate = forApi): boolean => validate(matchKeys(jobSpecSchema, spec))

/** What the server says of a job; undefined when it takes it. */
function refusal(spec: unknown): string | undefined {
  try {
    prepareJob(spec, { defaults: shippedDefaults, newId: () => 'j-1' })
    return undefined
  } catch (error) {
    return error instanceof AppError ? error.message : `thrown: ${String(error)}`
  }
}

/** Every key of a schema, with those of the objects and lists in it. */
function keysOf(schema: unknown): (readonly [string, unknown])[] {
  if (!isSchema(schema)) return []
  const properties = isSchema(schema['properties']) ? Object.entries(schema['properties']) : []
  return [...properties, ...properties.flatMap(([, inner]) => keysOf(inner)), ...keysOf(schema['items'])]
}

const folder = join(__dirname, '../../fixtures/http')
const recorded = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Exchange[])
  .filter(
    ({ request }) =>
      (request.method === 'PUT' || request.method === 'POST') &&
      request.path === '/api/v1/orchestrator/jobs' &&
      isSchema(request.body) &&
      isSchema(request.body['Job']),
  )
  .map(({ request, response }) => ({
    job: (request.body as { readonly Job: unknown }).Job,
    status: response.status,
    isUntyped: JSON.stringify(response.body).includes('code=415'),
  }))

describe('jobJsonSchema', () => {
  it('explains every key', () => {
    const places = Object.entries(jobSpecWords)
    expect(places.length).toBeGreaterThan(60)
    for (const [place, { description }] of places) expect(description, place).toMatch(/\.$/)
    for (const [key, schema] of keysOf(jobJsonSchema('api'))) expect(schema, key).toHaveProperty('description')
    const written = JSON.stringify(jobJsonSchema('editor'))
    for (const [place, { description }] of places) expect(place.endsWith('Env{}') || written.includes(JSON.stringify(description)), place).toBe(true)
    for (const { errorMessage } of Object.values(jobSpecWords)) if (errorMessage !== undefined) expect(errorMessage).toMatch(/\.$/)
  })

  it('holds defaults, words to choose from and messages', () => {
    expect(jobJsonSchema('editor')).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      properties: {
        Type: { enum: ['batch', 'service', 'daemon', 'ops'], errorMessage: 'Type must be batch, service, daemon or ops, in lower case.' },
        Count: { type: 'integer', default: 1, minimum: 0, maximum: 100_000 },
        Namespace: { default: 'default' },
        Tasks: {
          items: {
            properties: { Resources: { properties: { CPU: { default: '500m' } } }, Network: { properties: { Type: { default: 'Default' } } } },
          },
        },
      },
    })
  })

  it('takes every recorded job that was taken, and every one that was refused is refused by it or by the server', () => {
    expect(recorded.filter(({ status }) => status === 200).length).toBeGreaterThan(40)
    expect(recorded.filter(({ status }) => status !== 200).length).toBeGreaterThan(40)
    for (const { job, status, isUntyped } of recorded) {
      const refused = refusal(job)
      if (refused === undefined) expect(fits(job), `${JSON.stringify(job)}: ${ajv.errorsText(forApi.errors)}`).toBe(true)
      if (!fits(job)) expect(refused, JSON.stringify(job)).toBeDefined()
      // An update that changes nothing is refused for what is stored, not for what it says.
      if (status === 400 && !isUntyped) expect(refused, JSON.stringify(job)).toBeDefined()
    }
  })

  it('refuses by itself most of what the server refuses', () => {
    const bad = recorded.filter(({ job }) => refusal(job) !== undefined)
    const caught = bad.filter(({ job }) => !fits(job))
    expect(caught.length / bad.length).toBeGreaterThan(0.8)
  })

  const words = [
    '',
    ' ',
    'x',
    'A',
    'a b',
    '/a',
    'BACALHAU_A',
    'É',
    '名',
    '500m',
    '1e1',
    '+2',
    '-1',
    '1,000',
    '1.5 GiB',
    '2 mb',
    'lots',
    'Http',
    'host',
    'FULL',
    'bridge',
    'example.org',
    'in',
    'gt',
    '!',
    '3',
    'batch',
    'ops',
  ]
  const word = fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 5 }))
  const number = fc.oneof(fc.constantFrom(0, 1, 2, 80, 1024, 65_535, 65_536, -1), fc.integer())
  const part = fc.record({ Type: word }, { requiredKeys: [] })
  const task = fc.record(
    {
      Name: word,
      Engine: part,
      Publisher: part,
      Env: fc.dictionary(word, fc.oneof(word, fc.constant(null)), { maxKeys: 2 }),
      InputSources: fc.array(fc.record({ Source: part, Alias: word, Target: word }, { requiredKeys: [] }), { maxLength: 2 }),
      ResultPaths: fc.array(fc.record({ Name: word, Path: word }, { requiredKeys: [] }), { maxLength: 2 }),
      Resources: fc.record({ CPU: word, Memory: word, Disk: word, GPU: word }, { requiredKeys: [] }),
      Network: fc.record(
        {
          Type: word,
          Domains: fc.array(word, { maxLength: 1 }),
          Ports: fc.array(fc.record({ Name: word, Static: number, Target: number, HostNetwork: word }, { requiredKeys: [] }), { maxLength: 2 }),
        },
        { requiredKeys: [] },
      ),
      Timeouts: fc.record({ ExecutionTimeout: number, QueueTimeout: number, TotalTimeout: number }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  )
  const oneChanged = task.map((fields) => sampleSpec({}, fields))
  const job = fc
    .record(
      {
        Type: fc.constantFrom('batch', 'ops', 'daemon', 'service', 'Batch', ''),
        Count: number,
        Priority: number,
        Constraints: fc.array(fc.record({ Key: word, Operator: word, Values: fc.array(word, { maxLength: 2 }) }, { requiredKeys: [] }), {
          maxLength: 2,
        }),
        Labels: fc.dictionary(word, fc.oneof(word, fc.constant(null)), { maxKeys: 1 }),
      },
      { requiredKeys: [] },
    )
    .map((fields) => sampleSpec(fields))

  it('refuses nothing that the server takes', () => {
    fc.assert(
      fc.property(fc.oneof(oneChanged, job), (spec) => {
        if (!fits(spec)) expect(submissionFaults(readJobOrFail(spec)), ajv.errorsText(forApi.errors)).not.toEqual([])
      }),
      { numRuns: 3000 },
    )
  })

  /** A job that cannot even be read counts as refused. */
  function readJobOrFail(spec: unknown): ReturnType<typeof readJob> {
    try {
      return readJob(spec)
    } catch {
      return {}
    }
  }

  it.each([
    [{ Nmae: 'x' }, {}],
    [{}, { Enviroment: {} }],
    [{}, { Engine: { Type: 'wasm', Params: { Parameters: 'one' } } }],
    [{}, { InputSources: [{ Source: { Type: 'urlDownload', Params: { URL: 3 } }, Target: '/a' }] }],
  ])('tells editors of misspelt keys and parameters of the wrong kind: %j %j', (fields, of) => {
    const spec = sampleSpec(fields, of)
    expect([fits(spec), fits(spec, forEditor), fits(sampleSpec(), forEditor)]).toEqual([true, false, true])
  })

  it.each(['hello.yaml', 'full.yaml'])('takes the job file %s in an editor', async (file) => {
    const { parse } = await import('yaml')
    const spec: unknown = parse(readFileSync(join(__dirname, '../../fixtures/recorded/jobs', file), 'utf8'))
    expect(fits(spec, forEditor), ajv.errorsText(forEditor.errors)).toBe(true)
  })
})
