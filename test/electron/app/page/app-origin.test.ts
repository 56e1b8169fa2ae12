import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isAppUrl } from '../../../../electron/app/page/app-origin'

test('our own pages are ours', () => {
  expect(isAppUrl('app://shoal/index.html')).toBe(true)
  expect(isAppUrl('app://shoal/assets/a.js?x#y')).toBe(true)
})

test.each([
  'app://shoal.evil/',
  'app://shoal@evil/',
  'app://evil/app://shoal/',
  'app://shoal:1/',
  'app://u:p@shoal/',
  'https://shoal/',
  'appx://shoal/',
  'about:blank',
  '',
  'app:shoal',
  'app:///shoal',
])('%s is not', (url) => {
  expect(isAppUrl(url)).toBe(false)
})

test('no other host is, whatever its name', () => {
  const isForeign = (url: string): boolean => !isAppUrl(url)
  fc.assert(fc.property(fc.webUrl({ validSchemes: ['https', 'http'] }), isForeign))
  fc.assert(fc.property(fc.domain(), (host) => isForeign(`app://${host}/`)))
})
