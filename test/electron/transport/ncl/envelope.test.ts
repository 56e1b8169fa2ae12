import fc from 'fast-check'
import { crc32 as zlibCrc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../../shared/errors'
import { readMessage } from '../../../../shared/wire/messages'
import { crc32 } from '../../../../electron/transport/ncl/crc32'
import { decodeEnvelope, encodeEnvelope, metadataKeys } from '../../../../electron/transport/ncl/envelope'
import { recordedExchanges, recordedMessages } from '../../../fixtures/wire/recorded'

interface Body {
  readonly metadata: Readonly<Record<string, string>>
  readonly payload: unknown
}
const isBody = (decoded: unknown): decoded is Body => typeof decoded === 'object' && decoded !== null && 'metadata' in decoded && 'payload' in decoded

const messages = recordedMessages()
const enveloped = messages.filter(({ data, decoded }) => (data[0] === 1 || data[0] === 2) && isBody(decoded))
const bare = messages.filter((message) => !enveloped.includes(message))

const thrownBy = (act: () => unknown): unknown => {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}

describe('recorded messages', () => {
  it('are there', () => {
    expect(enveloped.length).toBeGreaterThan(900)
    expect(bare.length).toBeGreaterThan(50)
  })

  it('decode to what was recorded, and to the same after encoding them again', () => {
    for (const { file, data, decoded } of enveloped) {
      if (!isBody(decoded)) throw new Error(`no body in ${file}`)
      const read = decodeEnvelope(data)
      expect(read.metadata, file).toEqual(decoded.metadata)
      expect(read.payload, file).toEqual(decoded.payload)
      expect(read.type, file).toBe(decoded.metadata['Bacalhau-Type'] ?? decoded.metadata.Type)

      const again = decodeEnvelope(encodeEnvelope({ type: read.type, payload: read.payload, metadata: read.metadata }).data)
      const { type, payload, metadata } = read
      const known = {
        [metadataKeys.type]: type,
        [metadataKeys.legacyType]: type,
        [metadataKeys.encoding]: 'json',
        [metadataKeys.legacyEncoding]: 'json',
      }
      expect(again, file).toEqual({
        type,
        payload,
        metadata: { ...metadata, ...known, [metadataKeys.eventTime]: again.metadata[metadataKeys.eventTime] },
      })
    }
  })

  it('without an envelope are refused, never thrown past as something else', () => {
    for (const { file, data } of bare)
      expect(
        thrownBy(() => decodeEnvelope(data)),
        file,
      ).toBeInstanceOf(AppError)
  })
})

describe('recorded bad input', () => {
  const readable = (data: Uint8Array): unknown => {
    const { type, payload } = decodeEnvelope(data)
    return readMessage(type, payload)
  }
  const refusedCause = (decoded: unknown): string | undefined => {
    const cause = isBody(decoded) ? (decoded.payload as { Cause?: string }).Cause : (decoded as { error?: string } | null)?.error
    return cause?.startsWith('failed to deserialize') === true ? cause.replace(/^failed to deserialize (request|message payload): /, '') : undefined
  }
  /** Text that comes from Go's own libraries; ours says the same in other words. */
  const librariesText = /json-v1: (invalid character|json: )|encoding json: (json: |parsing time|invalid node type)/

  for (const { name, data, outcome, answer } of recordedExchanges()) {
    const cause = refusedCause(answer?.decoded)
    if (outcome.startsWith('crash')) {
      it(`${name}: is refused (the recorded process died of it)`, () => {
        expect(thrownBy(() => readable(data))).toMatchObject({
          code: 'envelope.metadata',
          message: 'failed to deserialize message envelope: the metadata is missing',
        })
      })
    } else if (cause === undefined) {
      it(`${name}: is read`, () => {
        expect(thrownBy(() => readable(data))).toBeUndefined()
      })
    } else {
      it(`${name}: is refused with ${cause}`, () => {
        const error = thrownBy(() => readable(data))
        expect(error).toBeInstanceOf(AppError)
        const { message } = error as AppError
        if (librariesText.test(cause)) expect(message.startsWith(cause.slice(0, cause.indexOf(': ', cause.indexOf('with encoding'))))).toBe(true)
        else expect(message).toBe(cause)
      })
    }
  }
})

describe('encodeEnvelope', () => {
  it('writes the documented bytes: version, CRC big-endian over the body, body', () => {
    const { data, headers } = encodeEnvelope({
      type: 'transport.HeartbeatRequest',
      payload: { NodeID: 'n-1' },
      source: 'n-1',
      metadata: { 'Bacalhau-SeqNum': '7' },
      at: 1_755_000_000_000,
    })
    const body = Buffer.from(data.subarray(5))
    expect(data[0]).toBe(1)
    expect(Buffer.from(data).readUInt32BE(1)).toBe(zlibCrc32(body))
    expect(headers).toEqual({
      'Bacalhau-Type': 'transport.HeartbeatRequest',
      Type: 'transport.HeartbeatRequest',
      'Bacalhau-PayloadEncoding': 'json',
      PayloadEncoding: 'json',
      'Bacalhau-Source': 'n-1',
      'Bacalhau-EventTime': '1755000000000000000',
      'Bacalhau-SeqNum': '7',
    })
    expect(JSON.parse(body.toString())).toEqual({ metadata: headers, payload: { NodeID: 'n-1' } })
  })

  it('cannot be given another type by metadata', () => {
    const { data } = encodeEnvelope({ type: 'BidResult', payload: {}, metadata: { 'Bacalhau-Type': 'Nope', Type: 'Nope' } })
    expect(decodeEnvelope(data).type).toBe('BidResult')
  })
})

const metadataValues = fc.dictionary(fc.string(), fc.string(), { maxKeys: 5 })

describe('the envelope, for any input', () => {
  it('gives back what was put in', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), fc.option(fc.string(), { nil: undefined }), metadataValues, (type, payload, source, metadata) => {
        const { data, headers } = encodeEnvelope({ type, payload, metadata, ...(source === undefined ? {} : { source }) })
        const read = decodeEnvelope(data)
        expect(read.type).toBe(type)
        expect(read.payload).toEqual(JSON.parse(JSON.stringify(payload)))
        expect({ ...read.metadata }).toEqual(headers)
      }),
    )
  })

  it('refuses any bytes with an AppError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
        expect(thrownBy(() => decodeEnvelope(data))).toBeInstanceOf(AppError)
      }),
    )
  })

  it('refuses any body behind a right CRC with an AppError, or reads it', () => {
    const body = fc.oneof(
      fc.json().map((text) => Buffer.from(text)),
      fc.jsonValue().map((value) => Buffer.from(JSON.stringify({ metadata: value, payload: value }))),
      fc.record({ metadata: metadataValues, Payload: fc.jsonValue() }, { requiredKeys: [] }).map((value) => Buffer.from(JSON.stringify(value))),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    )
    fc.assert(
      fc.property(fc.constantFrom(1, 2), body, (version, bytes) => {
        const data = Buffer.concat([Buffer.from([version, 0, 0, 0, 0]), bytes])
        data.writeUInt32BE(zlibCrc32(bytes), 1)
        const error = thrownBy(() => {
          const { type, payload } = decodeEnvelope(data)
          readMessage(type, payload)
        })
        if (error !== undefined) expect(error).toBeInstanceOf(AppError)
      }),
      { numRuns: 500 },
    )
  })

  it('notices any flipped bit of a message', () => {
    const { data } = encodeEnvelope({ type: 'BidResult', payload: { ExecutionID: 'e-1' }, source: 'n-1' })
    fc.assert(
      fc.property(fc.nat(data.length * 8 - 1), (bit) => {
        const flipped = data.slice()
        const at = bit >> 3
        flipped[at] = (flipped[at] ?? 0) ^ (1 << (bit & 7))
        expect(thrownBy(() => decodeEnvelope(flipped))).toBeInstanceOf(AppError)
      }),
    )
  })

  it('has the CRC of zlib', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (data) => crc32(data) === zlibCrc32(data)))
  })
})
