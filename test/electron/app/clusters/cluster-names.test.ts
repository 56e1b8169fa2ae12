import { expect, test } from 'vitest'
import { suggestName } from '../../../../electron/app/clusters/cluster-names'

test('suggests a name that no cluster has, for as many clusters as there are', () => {
  const taken: string[] = []
  for (let index = 0; index < 40; index += 1) taken.push(suggestName(taken))
  expect(new Set(taken).size).toBe(40)
  expect(taken[0]).toBe('tidepool')
  expect(suggestName(['TidePool'])).not.toBe('tidepool')
})
