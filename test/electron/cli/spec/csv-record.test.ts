import { describe, expect, it } from 'vitest'
import { parseCsvRecord } from '../../../../electron/cli/spec/csv-record'

describe('parseCsvRecord', () => {
  it.each<[string, string[]]>([
    ['', ['']],
    ['a', ['a']],
    ['a,b,', ['a', 'b', '']],
    ['"a,b",c', ['a,b', 'c']],
    ['"a ""b""",', ['a "b"', '']],
  ])('%s', (line, fields) => expect(parseCsvRecord(line)).toEqual(fields))

  it.each(['"a', 'a"b', '"a"b,c'])('refuses %s', (line) => expect(() => parseCsvRecord(line)).toThrow(/quotes.*do not match/))
})
