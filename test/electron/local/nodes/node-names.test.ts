import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextNodeNames, safeName } from '../../../../electron/local/nodes/node-names'
import { nodeIdProblem } from '../../../../electron/node/data/node-id'

test('a name becomes a folder and a node id', () => {
  expect(safeName('Tide Pool')).toBe('tide-pool')
  expect(safeName('Århus / Süd!')).toBe('arhus-sud')
  expect(safeName('漁')).toBe('')
})

test('whatever is typed, it is safe or empty', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 100 }), (typed) => {
      const name = safeName(typed)
      expect(name === '' || (nodeIdProblem(name) === undefined && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name) && name.length <= 40)).toBe(true)
    }),
  )
})

test('names go on after those that are taken, and never run out', () => {
  expect(nextNodeNames('tide', ['tide-a', 'tide-c'], 3)).toEqual(['tide-b', 'tide-d', 'tide-e'])
  const many = nextNodeNames('tide', [], 800)
  expect(new Set(many).size).toBe(800)
  expect(many.slice(25, 28)).toEqual(['tide-z', 'tide-aa', 'tide-ab'])
})
