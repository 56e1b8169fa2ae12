import { describe, expect, it } from 'vitest'
import { tellsLine } from '../../../../renderer/state/window/told-line'

describe('tellsLine', () => {
  it('finds the line in the message, whatever the blanks and the word before it', () => {
    expect(tellsLine('Port 1 is taken. Stop that program.', 'Hint:  Stop that   program.')).toBe(true)
    expect(tellsLine('It ended. Its last line: INFO  all well', 'INFO all well')).toBe(true)
    expect(tellsLine('Port 1 is taken.', 'Something else.')).toBe(false)
  })
})
