import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinCommands, withToken } from '../../../../electron/app/clusters/join-commands'

const run = promisify(execFile)

test('an IPv6 address stands in brackets', () => {
  expect(joinCommands({ host: '2001:db8::7', port: 4222 }, false)[0]?.command).toContain('nats://[2001:db8::7]:4222')
})

test('any token survives a shell as it is', async () => {
  const command = 'printf %s Compute.Auth.Token=TOKEN'
  const token = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !text.includes('\0'))
  await fc.assert(
    fc.asyncProperty(fc.oneof(token, fc.constantFrom("it's", '$(id)', '`id`', '!!', 'a b', '$&', '\\', '"', '-n')), async (secret) => {
      const { stdout } = await run('/bin/sh', ['-c', withToken(command, secret)])
      expect(stdout).toBe(`Compute.Auth.Token=${secret}`)
    }),
    { numRuns: 40 },
  )
})
