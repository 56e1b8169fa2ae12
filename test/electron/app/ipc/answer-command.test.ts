import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createAnswer } from '../../../../electron/app/ipc/answer-command'
import { createLogger, type LogEntry } from '../../../../electron/log/logger'
import { AppError } from '../../../../shared/errors'
import { commands, type CommandName, type Handlers } from '../../../../shared/ipc'

const logged: LogEntry[] = []
const log = createLogger({ sinks: [{ write: (entry) => logged.push(entry) }], level: 'trace', secrets: () => [] })
/** Handlers that answer with what they were given. */
const echo = Object.fromEntries(Object.keys(commands).map((name) => [name, (input: unknown) => ({ name, input })])) as unknown as Handlers

test('a handler gets its input, checked', async () => {
  const answer = createAnswer(echo, log)
  expect(await answer('nodes.add', { clusterId: 'reef', count: 2 })).toEqual({ name: 'nodes.add', input: { clusterId: 'reef', count: 2 } })
  await expect(answer('nodes.add', { clusterId: 'reef', count: '2' })).rejects.toMatchObject({
    code: 'ipc.bad-input',
    message: expect.stringContaining('count') as string,
  })
  await expect(answer('toString', undefined)).rejects.toMatchObject({ code: 'ipc.unknown-command' })
})

test('garbage of any shape is refused with a code, and never reaches a handler', async () => {
  const answer = createAnswer(echo, log)
  const name = fc.oneof(
    fc.constantFrom(...(Object.keys(commands) as CommandName[])),
    fc.string(),
    fc.constantFrom('__proto__', 'constructor', 'hasOwnProperty'),
  )
  await fc.assert(
    fc.asyncProperty(name, fc.anything(), async (command, input) => {
      const outcome = await answer(command, input).catch((error: unknown) => error)
      if (outcome instanceof AppError) expect(['ipc.bad-input', 'ipc.unknown-command']).toContain(outcome.code)
      else expect(outcome).toMatchObject({ name: command })
    }),
    { numRuns: 500 },
  )
})

test('a refusal is passed on as it is; a bug is logged whole', async () => {
  const refusing = { ...echo, 'app.facts': () => Promise.reject(new AppError('x.y', 'No.')) } as unknown as Handlers
  await expect(createAnswer(refusing, log)('app.facts', undefined)).rejects.toMatchObject({ code: 'x.y' })
  expect(logged).toEqual([])
  const broken = {
    ...echo,
    'app.facts': () => {
      throw new TypeError('undefined is not a function')
    },
  } as unknown as Handlers
  await expect(createAnswer(broken, log)('app.facts', undefined)).rejects.toThrow(TypeError)
  expect(logged).toMatchObject([
    { level: 'error', fields: { command: 'app.facts', stack: expect.stringContaining('answer-command.test') as string } },
  ])
})
