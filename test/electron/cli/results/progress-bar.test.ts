import { describe, expect, it } from 'vitest'
import { createProgressBar, progressLine } from '../../../../electron/cli/results/progress-bar'

describe('progressLine', () => {
  it.each<[number, number | undefined, string]>([
    [0, 1000, 'a  [..............................]   0 %  0 B of 1.0 kB'],
    [500, 1000, 'a  [###############...............]  50 %  500 B of 1.0 kB'],
    [1000, 1000, 'a  [##############################] 100 %  1.0 kB of 1.0 kB'],
    [2000, 1000, 'a  [##############################] 100 %  2.0 kB of 1.0 kB'],
    [2000, undefined, 'a  2.0 kB'],
  ])('%d of %s', (done, total, line) => expect(progressLine('a', done, total)).toBe(line))

  it('shortens a long name, never what tells how far it is', () => {
    const line = progressLine('127.0.0.1_6001_e-63faf706-f523-43a3-b435-e8416ee3a6af.tar.gz', 500, 1000, 79)
    expect(line).toBe('127.0.0.1_6001_e-63fa…  [###############...............]  50 %  500 B of 1.0 kB')
    expect(line).toHaveLength(79)
  })
})

describe('the bar', () => {
  const run = (isTerminal: boolean): string => {
    let text = ''
    let now = 0
    const bar = createProgressBar({ write: (more) => void (text += more), isTerminal, columns: 80, rows: 24 }, () => now)
    for (const done of [1, 2, 3, 1000]) {
      bar.show('a', done, 1000)
      now += 60
    }
    bar.clear()
    return text
  }
  it('draws now and then, the end in any case, and takes itself away', () => {
    expect(run(true).split('\r').length - 1).toBe(4)
    expect(run(true)).toMatch(/100 %.*\r\u001b\[K$/)
  })
  it('draws nothing into files', () => expect(run(false)).toBe(''))
})
