import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { describeApi } from '../../../../shared/http/openapi/describe-api'
import { jobJsonSchema } from '../../../../shared/jobs/job-json-schema'
import { makeShoalHome } from '../../../fixtures/shoal-command'
import type { ShoalHome } from '../../../fixtures/shoal-command'

let home: ShoalHome
beforeAll(() => {
  home = makeShoalHome()
})
afterAll(() => home.remove())

// What is printed, byte for byte the same each time and without any server.
describe.each([
  ['api spec', ['api', 'spec'], describeApi('orchestrator')],
  ['job schema', ['job', 'schema'], jobJsonSchema('editor')],
] as const)('shoal %s', (_name, words, document) => {
  it('prints JSON for people and programs', async () => {
    const { code, out, err } = await home.run([...words])
    expect([code, err]).toEqual([0, ''])
    expect(out).toBe(`${JSON.stringify(document, undefined, 2)}\n`)
  })

  it('prints YAML when asked', async () => {
    const { code, out } = await home.run([...words, '--output', 'yaml'])
    expect(code).toBe(0)
    expect(parse(out)).toEqual(document)
  })
})
