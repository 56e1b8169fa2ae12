import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SseParser } from '../../../electron/client/sse-parser'

const stream = ': hello\n\nid: a:1\nevent: nodes\ndata: {"x":1}\n\n: still here\n\nid: a:2\r\ndata: one\r\ndata:two\r\n\r\ndata\n\nretry: 5\nid\n\n'
const expected = [
  { id: 'a:1', event: 'nodes', data: '{"x":1}' },
  { id: 'a:2', event: 'message', data: 'one\ntwo' },
  { id: 'a:2', event: 'message', data: '' },
]

describe('SseParser', () => {
  it('takes a stream apart', () => {
    expect(new SseParser().push(stream)).toEqual(expected)
  })

  it('does so wherever the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
        const parser = new SseParser()
        const places = [0, ...cuts.sort((a, b) => a - b), stream.length]
        expect(places.flatMap((from, index) => parser.push(stream.slice(from, places[index + 1])))).toEqual(expected)
      }),
    )
  })

  it('refuses an event without end', () => {
    const parser = new SseParser(100)
    expect(() => parser.push(`data: ${'x'.repeat(200)}`)).toThrow(RangeError)
  })
})
