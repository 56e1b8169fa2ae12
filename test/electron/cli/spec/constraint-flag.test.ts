import { describe, expect, it } from 'vitest'
import { parseConstraints } from '../../../../electron/cli/spec/constraint-flag'

describe('parseConstraints', () => {
  it('makes one constraint of each requirement, sorted by key', () => {
    expect(parseConstraints('zone=a,tier,!old,x in (1,2),y!=b,n>3')).toEqual([
      { Key: 'n', Operator: 'gt', Values: ['3'] },
      { Key: 'old', Operator: '!' },
      { Key: 'tier', Operator: 'exists' },
      { Key: 'x', Operator: 'in', Values: ['1', '2'] },
      { Key: 'y', Operator: '!=', Values: ['b'] },
      { Key: 'zone', Operator: '=', Values: ['a'] },
    ])
  })
  it('makes none of nothing, and refuses what is no selector', () => {
    expect(parseConstraints(' ')).toBeUndefined()
    expect(() => parseConstraints('zone===')).toThrow(/could not parse constraints/)
  })
})
