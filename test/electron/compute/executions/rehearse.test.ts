import { expect, it } from 'vitest'
import { rehearse } from '../../../../electron/compute/executions/rehearse'
import { readWork } from '../../../../electron/compute/executions/work'
import { type MessagePayload, readMessage } from '../../../../shared/wire/messages'
import { recordedMessages } from '../../../fixtures/wire/recorded'

it('leaves nothing of the checks of a real request to be compiled', () => {
  const requests = recordedMessages().flatMap(({ subject, decoded }) => {
    const { metadata, payload } = (decoded ?? {}) as { readonly metadata?: Readonly<Record<string, string>>; readonly payload?: unknown }
    return subject.endsWith('.in.msgs') && metadata?.['Bacalhau-Type'] === 'AskForBid' ? [payload] : []
  })
  expect(requests.length).toBeGreaterThan(0)
  const compiled: unknown[] = []
  const original = globalThis.Function
  // How zod compiles: by `new Function`.
  globalThis.Function = new Proxy(original, {
    construct: (target, args, newTarget) => {
      compiled.push(args)
      return Reflect.construct(target, args, newTarget) as object
    },
  })
  try {
    expect(rehearse().kind).toBe('work')
    expect(compiled).not.toEqual([])
    compiled.length = 0
    for (const payload of requests) readWork((readMessage('AskForBid', payload) as MessagePayload<'AskForBid'>).Execution)
    expect(compiled).toEqual([])
  } finally {
    globalThis.Function = original
  }
})
