import { expect, test } from 'vitest'
import { createCloseQuestion, type RunningCluster } from '../../../../electron/app/window/close-question'
import { defaultPreferences, type Preferences, type PreferencesFile } from '../../../../electron/app/preferences'

function setUp(running: RunningCluster[], onClose: Preferences['onClose'] = 'ask') {
  const done: string[] = []
  let current: Preferences = { ...defaultPreferences, onClose }
  const preferences: PreferencesFile = {
    get current() {
      return current
    },
    update: (change) => {
      current = { ...current, ...change }
    },
    flush: () => Promise.resolve(),
  }
  const question = createCloseQuestion({
    running: () => running,
    preferences,
    ask: (clusters) => done.push(`ask ${clusters.map((cluster) => cluster.name).join()}`),
    closeWindow: () => done.push('close'),
    quit: () => done.push('quit'),
  })
  return { question, done, preferences }
}
const reef = [{ name: 'reef', nodes: 2 }]

test('a window without running nodes closes, and the app with it', () => {
  const { question, done } = setUp([])
  expect(question.mayClose()).toBe(true)
  expect(question.keepsRunning).toBe(false)
  expect(done).toEqual([])
})

test('with running nodes it asks; staying changes nothing, and it asks again', () => {
  const { question, done } = setUp(reef)
  expect(question.mayClose()).toBe(false)
  question.answer('stay', true)
  expect(question.mayClose()).toBe(false)
  expect(done).toEqual(['ask reef', 'ask reef'])
})

test('keeping nodes closes the window alone; remembered, it does not ask again', () => {
  const { question, done, preferences } = setUp(reef)
  question.mayClose()
  question.answer('keep-running', true)
  expect(done).toEqual(['ask reef', 'close'])
  expect(question.keepsRunning).toBe(true)
  expect(preferences.current.onClose).toBe('keep-running')
  expect(question.mayClose()).toBe(true)
})

test('stopping all quits; unremembered, the next time asks again', () => {
  const { question, done, preferences } = setUp(reef)
  question.answer('stop-all', false)
  expect(done).toEqual(['quit'])
  expect(preferences.current.onClose).toBe('ask')
})

test('once the app quits, the window closes unasked', () => {
  const { question, done } = setUp(reef, 'stop-all')
  expect(question.mayClose()).toBe(false)
  expect(done).toEqual(['quit'])
  question.quitBegun()
  expect(question.mayClose()).toBe(true)
  expect(question.keepsRunning).toBe(false)
})
