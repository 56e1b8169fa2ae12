import { expect, test } from 'vitest'
import { chooseBounds } from '../../../../electron/app/window/window-bounds'

const screens = [
  { x: 0, y: 0, width: 1920, height: 1080 },
  { x: 1920, y: 0, width: 1280, height: 1024 },
]
const at = (x: number, y: number, width = 1000, height = 700) => ({ bounds: { x, y, width, height }, maximized: false })

test('opens where it was, on whichever screen', () => {
  expect(chooseBounds(at(100, 50), screens)).toEqual({ x: 100, y: 50, width: 1000, height: 700 })
  expect(chooseBounds(at(2000, 100), screens)).toEqual({ x: 2000, y: 100, width: 1000, height: 700 })
})

test.each([
  [5000, 100],
  [-980, 100],
  [100, 1060],
  [100, -100],
])('is placed by the system when its title bar could not be reached at %d, %d', (x, y) => {
  expect(chooseBounds(at(x, y), screens)).toEqual({ width: 1000, height: 700 })
})

test('is never larger than its screen, nor smaller than it can be', () => {
  expect(chooseBounds(at(0, 0, 4000, 3000), [{ x: 0, y: 0, width: 1366, height: 768 }])).toEqual({ x: 0, y: 0, width: 1366, height: 768 })
  expect(chooseBounds(at(0, 0, 100, 100), screens)).toMatchObject({ width: 900, height: 600 })
  expect(chooseBounds(undefined, screens)).toEqual({ width: 1280, height: 800 })
})
