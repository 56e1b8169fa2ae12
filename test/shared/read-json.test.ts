import { expect, it } from 'vitest'
import { readJson, readJsonObject } from '../../shared/read-json'

it.each([
  ['{"a":[1]}', { a: [1] }],
  ['null', null],
  [Buffer.from('"é"'), 'é'],
])('reads %s', (text, value) => expect(readJson(text)).toEqual(value))

it.each(['', '{"a":', 'nonsense', Buffer.from([0xff, 0x7b])])('is undefined for what is no JSON: %j', (text) => {
  expect(readJson(text)).toBeUndefined()
  expect(readJsonObject(text)).toBeUndefined()
})

it.each(['null', '[]', '1', '"text"', 'true'])('finds no members in %s', (text) => expect(readJsonObject(text)).toBeUndefined())

it('gives the members of an object', () => expect(readJsonObject(Buffer.from('{"a":1}'))).toEqual({ a: 1 }))
