import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createNatsParser, type NatsOperation } from '../../../../electron/transport/connection/nats-parser'

function parse(...chunks: readonly Buffer[]): NatsOperation[] {
  const operations: NatsOperation[] = []
  const feed = createNatsParser((operation) => operations.push(operation))
  for (const chunk of chunks) feed(chunk)
  return operations
}

const session = Buffer.from(
  'INFO {"server_id":"N1"} \r\n+OK\r\nPING\r\nPONG\r\nMSG a.b 1 4\r\n\r\n\r\n\r\nMSG a.b 2 _INBOX.x 0\r\n\r\n-ERR \'Authorization Violation\'\r\n',
)
const operations: NatsOperation[] = [
  { kind: 'info', info: { server_id: 'N1' } },
  { kind: 'ping' },
  { kind: 'pong' },
  { kind: 'message', subject: 'a.b', sid: '1', reply: undefined, data: Buffer.from('\r\n\r\n') },
  { kind: 'message', subject: 'a.b', sid: '2', reply: '_INBOX.x', data: Buffer.alloc(0) },
  { kind: 'error', text: 'Authorization Violation' },
]

describe('createNatsParser', () => {
  it('takes a session apart', () => {
    expect(parse(session)).toEqual(operations)
  })

  it('does so however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(session.length)), (cuts) => {
        const points = [0, ...[...cuts].sort((left, right) => left - right), session.length]
        expect(parse(...points.slice(1).map((end, index) => session.subarray(points[index], end)))).toEqual(operations)
      }),
    )
  })

  it.each(['HTTP/1.1 400 Bad Request\r\n', 'INFO {"cut\r\n', 'MSG a 1 -4\r\n', 'MSG a 1 x\r\n', 'MSG 4\r\n', '\u0016\u0003\u0001\r\n'])(
    'says that %j is not NATS, and takes nothing after it',
    (text) => {
      const found = parse(Buffer.from(`PING\r\n${text}`), Buffer.from('PING\r\n'))
      expect(found.map(({ kind }) => kind)).toEqual(['ping', 'broken'])
    },
  )

  it('does not wait for ever for the end of a line', () => {
    expect(parse(Buffer.alloc(1024 * 1024 + 1, 'x')).map(({ kind }) => kind)).toEqual(['broken'])
  })

  it('never throws on garbage', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (chunks) => {
        expect(() => parse(...chunks.map((chunk) => Buffer.from(chunk)))).not.toThrow()
      }),
    )
  })
})
