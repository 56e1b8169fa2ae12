import { describe, expect, it } from 'vitest'
import { resultFileName } from '../../../../electron/cli/results/result-file-name'

describe('resultFileName', () => {
  it.each([
    ['http://127.0.0.1:16601/e-1.tar.gz', '127.0.0.1_16601_e-1.tar.gz'],
    ['https://b.s3.example.org/a/b%2F..%2Fc.tar.gz?X-Signature=secret', 'b.s3.example.org_a_b_.._c.tar.gz'],
    ['http://[::1]:1/x%', '[__1]_1_x%'],
  ])('%s', (url, name) => expect(resultFileName(url)).toBe(name))
  it.each(['', 'file:///etc/passwd', 'e-1.tar.gz'])('refuses "%s"', (url) => expect(() => resultFileName(url)).toThrow(/no http address/))
})
