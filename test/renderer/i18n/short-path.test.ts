import { expect, it } from 'vitest'
import { shortPath } from '../../../renderer/i18n/short-path'

it('writes the home folder as people do, and no other folder that begins like it', () => {
  expect(shortPath('/home/ada/x/config.yaml', '/home/ada')).toBe('~/x/config.yaml')
  expect(shortPath('C:\\Users\\ada\\x', 'C:\\Users\\ada')).toBe('~\\x')
  expect(shortPath('/home/adam/x', '/home/ada')).toBe('/home/adam/x')
  expect(shortPath('/srv/x', undefined)).toBe('/srv/x')
})
