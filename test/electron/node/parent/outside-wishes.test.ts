import { afterEach, expect, it } from 'vitest'
import { listenOutside, type OutsideWishes } from '../../../../electron/node/parent/outside-wishes'
import type { HostOrder } from '../../../../shared/host-report'

let wishes: OutsideWishes
let order: (order: HostOrder) => void
let isHeard = true
const listen = (): void => {
  wishes = listenOutside({
    parentSigns: [],
    onOrder: (listener) => {
      order = listener
      return () => (isHeard = false)
    },
  })
}
afterEach(() => wishes.close())

it('tells of an order to read the configuration again, once for each', () => {
  listen()
  let told = 0
  wishes.onReload(() => (told += 1))
  expect(told).toBe(0)
  order({ kind: 'reload' })
  order({ kind: 'reload' })
  expect(told).toBe(2)
})

it('keeps one that comes while the node still starts', () => {
  listen()
  order({ kind: 'reload' })
  order({ kind: 'reload' })
  let told = 0
  wishes.onReload(() => (told += 1))
  expect(told).toBe(1)
  order({ kind: 'reload' })
  expect(told).toBe(2)
})

it('keeps an order to stop, too, and hears nothing after it is closed', async () => {
  listen()
  order({ kind: 'stop' })
  expect(await wishes.stop).toBe('it was told to')
  wishes.close()
  expect(isHeard).toBe(false)
})
