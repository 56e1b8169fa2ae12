import { describe, expect, it } from 'vitest'
import { parseInputSource, splitTarget } from '../../../../electron/cli/spec/input-source'

describe('parseInputSource', () => {
  it.each<[string, string, string, string, Record<string, unknown>]>([
    ['ipfs://Qm1', 'ipfs', 'ipfs://Qm1', '/inputs', { CID: 'Qm1' }],
    ['https://example.org/x.txt', 'urlDownload', 'https://example.org/x.txt', '/inputs', { URL: 'https://example.org/x.txt' }],
    ['http://example.org:8080/x:/in', 'urlDownload', 'http://example.org:8080/x', '/in', { URL: 'http://example.org:8080/x' }],
    ['http://example.org:8080/x', 'urlDownload', 'http://example.org:8080/x', '/inputs', { URL: 'http://example.org:8080/x' }],
    ['src=https://example.org/x,dst=/in/x', 'urlDownload', 'https://example.org/x', '/in/x', { URL: 'https://example.org/x' }],
    ['file:///data:/d,opt=rw=true', 'local', 'file:///data', '/d', { CreateAs: '', ReadWrite: true, SourcePath: '/data' }],
    ['file:///data/../a', 'local', 'file:///data/../a', '/inputs', { CreateAs: '', ReadWrite: false, SourcePath: '/a' }],
    [
      'src=s3://b/k/l,dst=/in,opt=endpoint=http://h:1,opt=region=eu,opt=version-id=7,opt=checksum-256=c',
      's3',
      's3://b/k/l',
      '/in',
      { Bucket: 'b', Key: 'k/l', Endpoint: 'http://h:1', Region: 'eu', VersionID: '7', ChecksumSHA256: 'c', Filter: '' },
    ],
  ])('%s', (text, Type, Alias, Target, Params) => {
    expect(parseInputSource(text, '/inputs')).toEqual({ Source: { Type, Params }, Alias, Target })
  })

  it.each([
    ['foo://x', /unknown storage schema: foo/],
    ['data.txt', /no storage schema/],
    ['s3://b/k,opt=colour=red', /unknown option "colour"/],
    ['file:///d,opt=rw=perhaps', /neither true nor false/],
    ['ipfs://a,b', /"b" is no option/],
    ['ipfs://a,b=c', /"b=c" is no option/],
  ])('refuses %s', (text, says) => expect(() => parseInputSource(text, '/inputs')).toThrow(says))
})

describe('splitTarget', () => {
  it.each([
    ['m.wasm', 'm.wasm', 'D'],
    ['m.wasm:/a/m.wasm', 'm.wasm', '/a/m.wasm'],
    ['s3://b/k:/in', 's3://b/k', '/in'],
    ['https://h:1', 'https://h:1', 'D'],
  ])('%s', (text, uri, target) => expect(splitTarget(text, 'D')).toEqual({ uri, target }))
})
