import { expect, it } from 'vitest'
import { createPosition } from '../../../../electron/compute/connection/position'

const turns = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

it('who has come while it is held goes on in the order of coming, also when another handshake has taken the place of the first one', async () => {
  const position = createPosition()
  const begun: string[] = []
  const come = (message: string): void => void position.settled().then(() => begun.push(message))
  come('free')
  await turns()
  expect(begun).toEqual(['free'])

  const first = position.hold()
  come('request')
  await turns()
  const second = position.hold()
  await turns()
  expect(begun).toEqual(['free'])
  second()
  come('cancellation')
  await turns()
  expect(begun).toEqual(['free', 'request', 'cancellation'])

  // The first one runs into its time-out at last.
  const third = position.hold()
  first()
  come('another')
  await turns()
  expect(begun).toHaveLength(3)
  third()
  await turns()
  expect(begun).toEqual(['free', 'request', 'cancellation', 'another'])
})
