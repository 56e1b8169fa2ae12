import { describe, expect, it } from 'vitest'
import { createLiveArea } from '../../../../electron/cli/up/live-area'

function terminal() {
  const written: string[] = []
  return { written, output: { write: (text: string) => void written.push(text), isTerminal: true, columns: 80, rows: 24 } }
}

describe('createLiveArea', () => {
  it('draws over what it drew, and nothing when nothing differs', () => {
    const { written, output } = terminal()
    const area = createLiveArea(output)
    area.draw(['a', 'b'])
    area.draw(['a', 'b'])
    area.draw(['a'])
    expect(written).toEqual(['\u001b[?25l\r\u001b[Ja\nb\n', '\u001b[2A\r\u001b[Ja\n'])
  })

  it('gives the cursor back', () => {
    const { written, output } = terminal()
    const area = createLiveArea(output)
    area.end()
    area.draw(['a'])
    area.end()
    area.end()
    expect(written.join('').match(/\u001b\[\?25h/g)).toHaveLength(1)
  })
})
