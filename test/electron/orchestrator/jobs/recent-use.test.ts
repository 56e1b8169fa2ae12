import { expect, it } from 'vitest'
import { nothing } from '../../../../electron/orchestrator/jobs/node-capacity'
import { RecentUse } from '../../../../electron/orchestrator/jobs/recent-use'

const one = { ...nothing, CPU: 1 }
const two = { ...nothing, CPU: 2 }

it('what was reserved within the last second may still be in use', () => {
  const use = new RecentUse()
  use.peak(two, 1000)
  expect(use.most(one, 1900)).toEqual(two)
  expect(use.most(one, 2200)).toEqual(one)
})

it('what was ended here may still be in use for as long as a program has for its end', () => {
  const use = new RecentUse()
  use.ended(one, 1000, false)
  expect(use.most(one, 6000)).toEqual(two)
  expect(use.most(one, 6001)).toEqual(one)
})

it('what was ended while the node was away is in use until some time after its return, once', () => {
  const use = new RecentUse()
  use.ended(one, 1000, true)
  expect(use.most(nothing, 60_000)).toEqual(nothing)
  use.returned(60_000)
  expect(use.most(nothing, 65_000)).toEqual(one)
  use.returned(64_000)
  expect(use.most(nothing, 65_001)).toEqual(nothing)
})
