import { describe, expect, it } from 'vitest'
import { planMerge } from '../../../../electron/cli/results/plan-merge'

const one = { folder: '1', files: ['exitCode', 'out/a', 'stdout'] }
const two = { folder: '2', files: ['exitCode', 'out/b', 'stdout'] }
const shown = (...given: Parameters<typeof planMerge>) => {
  const { steps, collision } = planMerge(...given)
  return [steps.map(({ kind, from, file }) => `${kind} ${from.folder}/${file}`), collision]
}

describe('planMerge', () => {
  it('moves one result, and appends what was printed of several', () => {
    expect(shown([one])).toEqual([['move 1/exitCode', 'move 1/out/a', 'move 1/stdout'], undefined])
    expect(shown([one, two])[0]).toEqual(['move 1/exitCode', 'move 1/out/a', 'move 1/stdout', 'append 2/exitCode', 'move 2/out/b', 'append 2/stdout'])
  })
  it('keeps one file or folder', () => {
    expect(shown([one, two], 'out/b')).toEqual([['move 2/out/b'], undefined])
    expect(shown([one, two], 'out/')[0]).toEqual(['move 1/out/a', 'move 2/out/b'])
    expect(shown([one], 'ou')).toEqual([[], undefined])
  })
  it('finds the file that two results have', () => expect(shown([one, { folder: '3', files: ['out/a'] }])[1]).toBe('out/a'))
})
