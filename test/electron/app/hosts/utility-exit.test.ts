import { constants } from 'node:os'
import { expect, test } from 'vitest'
import { exitOf } from '../../../../electron/app/hosts/utility-exit'

test.each(['SIGKILL', 'SIGTERM', 'SIGSEGV', 'SIGABRT'] as const)('the number of %s is that signal', (name) => {
  expect(exitOf(constants.signals[name], 'linux')).toEqual({ code: null, signal: name })
})

test.each([0, 1, 2])('%d is an exit code of a role host', (code) => {
  expect(exitOf(code, 'linux')).toEqual({ code, signal: null })
})

test('Windows has no signals', () => {
  expect(exitOf(9, 'win32')).toEqual({ code: 9, signal: null })
})
