import { describe, expect, it } from 'vitest'
import { readSpec } from '../../../../electron/orchestrator/jobs/read-spec'

const reader = { nodeId: 'n-1', defaults: () => undefined, newId: () => 'j-1' }
const task = { Name: 'main', Engine: { Type: 'docker', Params: { Image: 'busybox' } } }
const noHeader = (): undefined => undefined

describe('readSpec', () => {
  it.each([{}, { Name: '' }, { Name: null }])('finds no job to compare with where the name is missing: %j', (name) => {
    const spec = { Type: 'batch', Tasks: [task], ...name }
    expect(() => readSpec(spec, reader, noHeader, { nameRequired: true })).toThrow('invalid job spec: name is missing')
    expect(readSpec(spec, reader, noHeader).job.Name).toBe('j-1')
  })

  it('names the kind that an entry of a map or a list should be, as Bacalhau does', () => {
    const wrong = (more: object) => () => readSpec({ Type: 'batch', Tasks: [task], ...more }, reader, noHeader)
    expect(wrong({ Labels: { a: 1 } })).toThrow(/expected=string, got=number, field=Job\.alias\.Labels,/)
    expect(wrong({ Constraints: [{ Key: 'a', Operator: 'gt', Values: [1] }] })).toThrow(
      /expected=string, got=number, field=Job\.alias\.Constraints\.Values,/,
    )
    expect(wrong({ Labels: 1 })).toThrow(/expected=map\[string\]string, got=number, field=Job\.alias\.Labels,/)
  })
})
