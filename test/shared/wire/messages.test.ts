import { describe, expect, it } from 'vitest'
import { isMessageType, messageSchemas, readMessage, readPayload, type MessageType } from '../../../shared/wire/messages'
import { decodeEnvelope } from '../../../electron/transport/ncl/envelope'
import { recordedMessages } from '../../fixtures/wire/recorded'

const read = recordedMessages().flatMap(({ file, data, decoded }) =>
  typeof decoded === 'object' && decoded !== null && 'metadata' in decoded ? [{ file, ...decodeEnvelope(data) }] : [],
)

/** Every value of `part` stands in `whole`; null may be left out, and nothing else. */
function expectHolds(whole: unknown, part: unknown, path: string): void {
  if (Array.isArray(part)) {
    expect(Array.isArray(whole), path).toBe(true)
    part.forEach((item, index) => expectHolds((whole as unknown[])[index], item, `${path}[${index}]`))
  } else if (typeof part === 'object' && part !== null) {
    for (const [key, item] of Object.entries(part)) expectHolds((whole as Record<string, unknown> | undefined)?.[key], item, `${path}.${key}`)
  } else if (part === null) expect(whole ?? null, path).toBeNull()
  else expect(whole, path).toBe(part)
}

describe('messages', () => {
  it('of every type but one were recorded', () => {
    const recorded = new Set(read.map(({ type }) => type))
    const missing = Object.keys(messageSchemas).filter((type) => !recorded.has(type))
    expect(missing).toEqual(['managedPublisher.PreSignURLRequest', 'managedPublisher.PreSignURLResponse'])
  })

  it('that were recorded are read, and lose nothing', () => {
    for (const { file, type, payload } of read) {
      if (!isMessageType(type)) {
        // The legacy heartbeat, and a type that was made up to be refused.
        expect(['heartbeat', 'Nope'], file).toContain(type)
        expect(() => readMessage(type, payload)).toThrow(`unsupported message type: ${type}`)
      } else expectHolds(readMessage(type, payload), payload, `${file} ${type}`)
    }
  })

  it.each(Object.keys(messageSchemas) as MessageType[])('%s: null and {} are its zero value', (type) => {
    expect(readPayload(type, null)).toEqual(readPayload(type, {}))
  })

  it('are read with keys in any case and null for anything', () => {
    expect(
      readPayload('transport.HeartbeatRequest', {
        nodeid: 'n-1',
        AVAILABLECAPACITY: { cpu: 1, gpus: null },
        queueUsedCapacity: null,
        lastorchestratorseqnum: 3,
      }),
    ).toEqual({
      NodeID: 'n-1',
      AvailableCapacity: { CPU: 1, GPUs: null },
      QueueUsedCapacity: {},
      LastOrchestratorSeqNum: 3,
    })
    expect(readPayload('RunResult', { executionid: 'e-1', PublishResult: null, RunCommandResult: { Stderr: 'x', exitcode: 3 } })).toMatchObject({
      ExecutionID: 'e-1',
      PublishResult: null,
      RunCommandResult: { stderr: 'x', ExitCode: 3 },
    })
  })

  it('normalise the node type and refuse an unknown one', () => {
    expect(readPayload('transport.HandshakeRequest', { NodeInfo: { NodeID: 'n-1', NodeType: 'compute' } }).NodeInfo.NodeType).toBe('Compute')
    expect(readPayload('transport.HandshakeRequest', {}).NodeInfo).toMatchObject({ NodeID: '', NodeType: '' })
    expect(() => readPayload('transport.HandshakeRequest', { NodeInfo: { NodeType: 'Worker' } })).toThrow(
      'failed to deserialize message payload: failed to deserialize with encoding json: invalid node type: Worker',
    )
  })

  it.each([
    ['a negative Memory', { NodeInfo: { ComputeNodeInfo: { MaxCapacity: { Memory: -1 } } } }],
    ['a fraction of a byte', { NodeInfo: { ComputeNodeInfo: { MaxCapacity: { Memory: 1.5 } } } }],
    ['an empty StartTime', { StartTime: '' }],
    ['an empty BuildDate', { NodeInfo: { BacalhauVersion: { BuildDate: '' } } }],
    ['a list for a text', { NodeInfo: { NodeID: ['n-1'] } }],
    ['a text for the message', 'x'],
    ['a list for the message', []],
  ])('refuse a handshake with %s', (_what, payload) => {
    expect(() => readPayload('transport.HandshakeRequest', payload)).toThrow('failed to deserialize with encoding json: ')
  })
})
