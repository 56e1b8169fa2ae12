import { expect, test } from 'vitest'
import { createClipboardGuard } from '../../../../electron/app/window/clipboard-guard'
import { eventually } from '../../../fixtures/eventually'

/** A clipboard as the system has one: anybody may write to it. */
function clipboard() {
  let text = ''
  return { readText: () => Promise.resolve(text), writeText: (next: string) => void (text = next), clear: () => void (text = ''), now: () => text }
}

test('a secret is cleared after a while', async () => {
  const system = clipboard()
  await createClipboardGuard(system, 20).copySecret('secret')
  expect(system.now()).toBe('secret')
  await eventually('a cleared clipboard', () => system.now() === '')
})

test('what somebody copied meanwhile stays', async () => {
  const system = clipboard()
  const guard = createClipboardGuard(system, 10_000)
  await guard.copySecret('secret')
  system.writeText('a recipe')
  await guard.clearNow()
  expect(system.now()).toBe('a recipe')
})

test('the time begins anew with each secret; the end of the app does not wait for it', async () => {
  const system = clipboard()
  const guard = createClipboardGuard(system, 10_000)
  await guard.copySecret('one')
  await guard.copySecret('two')
  await guard.clearNow()
  expect(system.now()).toBe('')
})
