import { describe, expect, it } from 'vitest'
import { parsePublisher, parseResultPath } from '../../../../electron/cli/spec/publisher'

describe('parsePublisher', () => {
  it.each<[string, unknown]>([
    ['local', { Type: 'local' }],
    ['ipfs', { Type: 'ipfs' }],
    ['s3managed', { Type: 's3managed' }],
    ['s3://bucket/a/key,opt=region=eu-west-1', { Type: 's3', Params: { bucket: 'bucket', key: 'a/key', region: 'eu-west-1' } }],
    ['s3,opt=bucket=b,opt=key=k', { Type: 's3', Params: { bucket: 'b', key: 'k' } }],
    ['dst=s3://b/k,opt=endpoint=http://h:1', { Type: 's3', Params: { bucket: 'b', key: 'k', endpoint: 'http://h:1' } }],
  ])('%s', (text, expected) => expect(parsePublisher(text)).toEqual(expected))

  it.each([
    ['ftp', /unknown publisher type: ftp/],
    ['', /unknown publisher type/],
    ['s3://b/k,y=/path', /invalid publisher option: y=\/path/],
  ])('refuses %s', (text, says) => expect(() => parsePublisher(text)).toThrow(says))
})

describe('parseResultPath', () => {
  it('takes NAME:PATH alone', () => {
    expect(parseResultPath('out:/outputs')).toEqual({ Name: 'out', Path: '/outputs' })
    for (const text of ['nopath', ':/x', 'a:', 'a:b:c']) expect(() => parseResultPath(text)).toThrow(`invalid output volume: ${text}`)
  })
})
