import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { REDACTED, redactFields, redactText } from '../../../electron/log/redact'

describe('redaction', () => {
  it('hides the userinfo of URLs and keeps the rest', () => {
    expect(redactText('to nats://secret@h:4222 and ws://u:p@x/y', [])).toBe(`to nats://${REDACTED}@h:4222 and ws://${REDACTED}@x/y`)
    expect(redactText('http://h:1234/path?mail=a@b', [])).toBe('http://h:1234/path?mail=a@b')
  })

  it('hides known secrets in each spelling', () => {
    expect(redactText('a"b%22 and a%22b and {"t":"a\\"b"}', ['a"b'])).not.toMatch(/a"b|a%22b|a\\"b/)
  })

  it('hides a very short secret only where it stands alone', () => {
    expect(redactText('token a in a banana', ['a'])).toBe(`token ${REDACTED} in ${REDACTED} banana`)
  })

  it('hides values by the name of their key, but not facts about them', () => {
    const hidden = redactFields({ token: 'x', Auth: { Token: 'y', password: 'z' }, tokenRequired: true, list: [{ apiToken: 'w' }], count: 3 }, [])
    expect(hidden).toEqual({
      token: REDACTED,
      Auth: { Token: REDACTED, password: REDACTED },
      tokenRequired: true,
      list: [{ apiToken: REDACTED }],
      count: 3,
    })
  })

  it('survives values that JSON cannot hold', () => {
    const loop: Record<string, unknown> = {}
    loop.self = loop
    expect(() => JSON.stringify(redactFields({ loop, big: 1n, fn: () => 1 }, ['\ud800']))).not.toThrow()
  })

  it('never lets a secret of at least four characters through, wherever it stands', () => {
    // An alphabet apart from the marker's, so that the marker itself cannot be taken for a piece of the secret.
    const secretText = fc.stringMatching(/^[A-Z0-9$^.*+?%&"\\]{4,80}$/)
    fc.assert(
      fc.property(secretText, fc.string(), fc.string(), (secret, before, after) => {
        expect(redactText(`${before}${secret}${after}`, [secret])).not.toContain(secret)
        expect(redactFields({ note: { deep: [before + secret] } }, [secret])).not.toEqual({ note: { deep: [before + secret] } })
      }),
    )
  })
})
