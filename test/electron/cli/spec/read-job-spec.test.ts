import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { readJobSpec } from '../../../../electron/cli/spec/read-job-spec'

const task = 'tasks: [{name: main, engine: {type: docker, params: {Image: busybox}}}]'

describe('readJobSpec', () => {
  it('reads YAML and JSON, keys in any case', async () => {
    const spec = { Type: 'batch', Tasks: [{ Name: 'main', Engine: { Type: 'docker', Params: { Image: 'busybox' } } }] }
    expect(await readJobSpec(`type: batch\n${task}`)).toEqual(spec)
    expect(await readJobSpec(JSON.stringify({ TYPE: 'batch', tasks: spec.Tasks }))).toEqual(spec)
    expect(await readJobSpec(await readFile('test/fixtures/recorded/jobs/nested-unknown.yaml', 'utf8'))).toMatchObject({ Type: 'batch' })
  })

  it.each<[string, RegExp]>([
    ['', /^no content provided$/],
    [' \n', /^no content provided$/],
    ['Type: [batch', /line 1/],
    ['a: 1\n---\nb: 2', /^it holds several documents: another one begins at line 2\.$/],
    ['- a', /a list where the fields of a job are expected/],
    ['hello', /"hello" where/],
    ['Type: batch\nCountt: 3', /^unknown field: 'Countt' in 'Job'\. Did you mean Count\?$/],
    ['Colour: red', /^unknown field: 'Colour' in 'Job'$/],
    ['ID: x\nType: batch', /^field: 'ID' in 'Job' is not allowed$/],
    ['state: {}', /'state' in 'Job' is not allowed/],
    ['Type: batch', /^missing job tasks$/],
    [`Type: sometimes\n${task}`, /^invalid job type: "sometimes"$/],
    [`Type: batch\nCount: many\n${task}`, /^Count must be a whole number, not string$/],
    [`Type: batch\nName: 3\n${task}`, /^Name must be a string, not number$/],
    [`Type: batch\nMeta: {a: 1}\n${task}`, /^every value of Meta must be a string, not number$/],
    [
      `Type: batch\nConstraints: [{Key: a, Operator: '=', Values: [1]}]\n${task}`,
      /^every value of Constraints\.Values must be a string, not number$/,
    ],
    ['Type: batch\nTasks: [x]', /^Tasks must be a group of fields, not string$/],
    ['Type: batch\nTasks: {}', /^Tasks must be a list, not object$/],
    [`Type: ops\nCount: 3\n${task}`, /^ops jobs cannot specify count > 1/],
  ])('refuses %j', async (text, says) => {
    await expect(readJobSpec(text)).rejects.toMatchObject({ message: expect.stringMatching(says) as unknown })
  })
})
