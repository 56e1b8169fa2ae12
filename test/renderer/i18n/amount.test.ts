import { describe, expect, it } from 'vitest'
import { amount, bytes, byteUnit, count } from '../../../renderer/i18n/amount'

describe('amounts', () => {
  it('groups counts, and gives one decimal where it says something', () => {
    expect([count(10_000), amount(3.5), amount(26), amount(0.267), amount(7.66)]).toEqual(['10,000', '3.5', '26', '0.27', '7.7'])
  })

  it('reads bytes in the decimal unit of their size, as Bacalhau does', () => {
    expect([bytes(24.8e9), bytes(512e6), bytes(1.8e12), bytes(0)]).toEqual(['24.8 GB', '512 MB', '1.8 TB', '0 MB'])
    expect(byteUnit(999_999_999).name).toBe('MB')
  })
})
