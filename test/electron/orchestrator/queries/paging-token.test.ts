import { describe, expect, it } from 'vitest'
import { readPagingToken, writePagingToken } from '../../../../electron/orchestrator/queries/paging-token'

describe('a paging token', () => {
  it.each([
    ['Ok46Mjoy', { sortBy: '', reverse: false, limit: 2, offset: 2 }],
    ['Y3JlYXRlZF9hdDpZOjU6MTA', { sortBy: 'created_at', reverse: true, limit: 5, offset: 10 }],
    ['Ok46MTA6NQ', { sortBy: '', reverse: false, limit: 10, offset: 5 }],
  ])('%s is what a real orchestrator writes', (text, token) => {
    expect(writePagingToken(token)).toBe(text)
    expect(readPagingToken(text)).toEqual(token)
  })

  it.each([
    ['garbage', 'invalid number of parts'],
    ['OjA6MDo', 'malformed token'],
    ['a.b', 'failed to decode paging token'],
    ['abcde', 'failed to decode paging token'],
    [Buffer.from(':N:1:99999999999').toString('base64url'), 'malformed token'],
  ])('%s is refused', (text, reason) => {
    expect(() => readPagingToken(text)).toThrow(`${reason}: invalid paging token: ${text}`)
  })
})
