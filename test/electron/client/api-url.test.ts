import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apiUrlOf, parseApiUrl } from '../../../electron/client/api-url'
import { AppError } from '../../../shared/errors'

describe('apiUrlOf', () => {
  it.each([
    [{ port: 1234, useTls: false }, 'http://127.0.0.1:1234'],
    [{ host: '0.0.0.0', port: 1, useTls: false }, 'http://127.0.0.1:1'],
    [{ host: '::', port: 1, useTls: true }, 'https://127.0.0.1:1'],
    [{ host: 'big.example', port: 80, useTls: true }, 'https://big.example:80'],
    [{ host: 'http://big.example', port: 99, useTls: true }, 'http://big.example:99'],
    [{ host: 'https://big.example:7', port: 99, useTls: false }, 'https://big.example:7'],
    [{ host: '::1', port: 5, useTls: false }, 'http://[::1]:5'],
  ])('%j', (target, url) => {
    expect(apiUrlOf(target)).toBe(url)
  })
})

describe('parseApiUrl', () => {
  it.each([
    ['big.example', 'http://big.example:1234'],
    [' 10.0.0.1:80 ', 'http://10.0.0.1:80'],
    ['http://big.example:80/', 'http://big.example:80'],
    ['https://BIG.example', 'https://big.example:1234'],
    ['0.0.0.0:9', 'http://127.0.0.1:9'],
  ])('%s', (text, url) => {
    expect(parseApiUrl(text)).toBe(url)
  })

  it.each([
    ['', 'empty'],
    ['ftp://h', 'ftp://'],
    ['http://', 'no host'],
    ['h:99999', 'port'],
    ['h:0', 'port is 0'],
    ['http://h/path', 'a path'],
    ['http://h?x=1', 'a path'],
    ['http://a b', 'no host'],
  ])('refuses "%s": %s', (text, reason) => {
    expect(() => parseApiUrl(text)).toThrow(reason)
  })

  it('never shows what stands before the @', () => {
    expect(() => parseApiUrl('http://t0ken@h')).toThrow(/…@h/)
    expect(() => parseApiUrl('http://t0ken@h')).not.toThrow(/t0ken/)
  })

  it('gives a URL of that form or an AppError, for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.domain()), (text) => {
        try {
          expect(parseApiUrl(text)).toMatch(/^https?:\/\/[^/]+:\d+$/)
        } catch (error) {
          expect(error).toBeInstanceOf(AppError)
        }
      }),
    )
  })
})
