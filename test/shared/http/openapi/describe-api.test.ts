import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { routeMatcher } from '../../../../electron/http/request/match-route'
import { matchKeys } from '../../../../shared/go-json'
import { describeApi } from '../../../../shared/http/openapi/describe-api'
import { answerWords, queryWords } from '../../../../shared/http/openapi/parameter-words'
import type { Route } from '../../../../shared/http/route'
import { routes } from '../../../../shared/http/routes'
import { jobSpecSchema } from '../../../../shared/jobs/job-spec'
import { isSchema } from '../../../../shared/json-schema'
import type { JsonSchema } from '../../../../shared/json-schema'
import { loadExchanges } from '../../../fixtures/http/exchanges'
import type { Exchange } from '../../../fixtures/http/exchanges'

const api = describeApi('orchestrator')
const table = Object.entries<Route>(routes)
const operationOf = ({ path, method }: Route): JsonSchema | undefined => api.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]

function allRefs(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/"\$ref":"([^"]*)"/g)].map(([, ref = '']) => ref)
}

function resolve(ref: string): unknown {
  return ref
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((inner, key) => (isSchema(inner) ? inner[key] : undefined), api)
}

describe('describeApi', () => {
  it('is the same each time, and nothing of this run is in it', () => {
    expect(JSON.stringify(describeApi('orchestrator'))).toBe(JSON.stringify(api))
    expect(JSON.stringify(JSON.parse(JSON.stringify(api)))).toBe(JSON.stringify(api))
  })

  it('refers only to what is in it, and holds no schema that nobody refers to', () => {
    const refs = new Set(allRefs(api))
    expect(refs.size).toBeGreaterThan(20)
    for (const ref of refs) expect(resolve(ref), ref).toBeTypeOf('object')
    for (const name of Object.keys(api.components.schemas)) expect(refs).toContain(`#/components/schemas/${name}`)
  })

  it.each(table)('describes the route %s', (name, route) => {
    const operation = operationOf(route)
    expect(operation).toMatchObject({ operationId: name, summary: route.summary })
    const parameters = (operation?.['parameters'] ?? []) as {
      readonly name: string
      readonly in: string
      readonly description: string
      readonly required?: boolean
    }[]
    expect(parameters.filter((one) => one.in === 'path').map((one) => [one.name, one.required])).toEqual(
      [...route.path.matchAll(/:(\w+)/g)].map(([, parameter]) => [parameter, true]),
    )
    expect(parameters.filter((one) => one.in === 'query').length > 0).toBe(route.query !== undefined)
    for (const { description } of parameters) expect(description).toMatch(/\.$/)
    expect(operation !== undefined && 'requestBody' in operation).toBe(route.body !== undefined)
    const responses = operation?.['responses'] as JsonSchema
    expect(Object.keys(responses)).toContain({ json: '200', events: '200', websocket: '101', redirect: '301' }[route.answer.kind])
    for (const code of route.errors ?? []) expect(JSON.stringify(responses)).toContain(code)
  })

  it('has no operation beside the table, and of a node that is no orchestrator only what that serves', () => {
    const count = (paths: typeof api.paths): number => Object.values(paths).flatMap((path) => Object.keys(path)).length
    expect(count(api.paths)).toBe(table.length)
    const small = describeApi('every-node')
    expect(count(small.paths)).toBe(table.filter(([, { servedBy }]) => servedBy === 'every-node').length)
    expect(Object.keys(small.components.schemas)).not.toContain('Execution')
    for (const ref of allRefs(small)) expect(Object.keys(small.components.schemas).concat('Error'), ref).toContain(ref.split('/').at(-1))
  })

  it('explains nothing that is not there', () => {
    const parameters = table.flatMap(([name, route]) =>
      ((operationOf(route)?.['parameters'] ?? []) as { readonly name: string }[]).flatMap((one) => [one.name, `${name}.${one.name}`]),
    )
    for (const name of Object.keys(queryWords)) expect(parameters, name).toContain(name)
    for (const place of Object.keys(answerWords)) {
      const [component = '', key = ''] = place.split('.')
      expect(Object.keys(api.components.schemas[component]?.['properties'] ?? {}), place).toContain(key)
    }
  })
})

describe('what real Bacalhau nodes were asked and answered', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  ajv.addSchema(api, 'api')
  const check = (ref: string, value: unknown, what: string): void => {
    const validate = ajv.getSchema(`api${ref}`) ?? expect.fail(`no schema ${ref}`)
    expect(validate(value) === true ? [] : validate.errors, what).toEqual([])
  }
  const refIn = (content: unknown): string => allRefs(content)[0] ?? expect.fail('no schema')
  const match = routeMatcher(routes)
  const files = readdirSync(join(__dirname, '../../../fixtures/http')).filter((file) => file.endsWith('.json'))
  // A client that is too old is told so in a form of its own.
  const isOrdinary = ({ response: { body } }: Exchange) =>
    isSchema(body) && !('MinVersion' in body) && !(Object.keys(body).length === 1 && 'Error' in body)
  let answers = 0

  it.each(files)('%s fits', (file) => {
    for (const exchange of loadExchanges(file.replace('.json', '')).filter(isOrdinary)) {
      const { step, request, response } = exchange
      const found = match(request.method, request.path)
      if (found.kind !== 'found' && response.status === 200) {
        expect(request.path).toBe('/api/v1/agent/debug')
        continue
      }
      if (found.kind !== 'found') {
        check('#/components/schemas/Error', response.body, step)
        continue
      }
      const operation = operationOf(routes[found.name])
      const responses = operation?.['responses'] as JsonSchema
      if (response.status !== 200) check('#/components/schemas/Error', response.body, step)
      else check(refIn(responses['200']), response.body, `${step} ${request.method} ${request.path}`)
      answers += 1
      if (response.status !== 200 || operation?.['requestBody'] === undefined || !isSchema(request.body)) continue
      const body =
        'Job' in request.body && !file.startsWith('invalid-specs')
          ? { ...request.body, Job: matchKeys(jobSpecSchema, request.body['Job']) }
          : request.body
      if (!file.startsWith('invalid-specs')) check(refIn(operation['requestBody']), body, `${step}: body`)
    }
  })

  it('were many', () => expect(answers).toBeGreaterThan(400))
})
