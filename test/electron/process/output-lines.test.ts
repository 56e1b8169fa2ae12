import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLineSplitter } from '../../../electron/process/output-lines'

function split(...chunks: readonly Buffer[]): string[] {
  const lines: string[] = []
  const splitter = createLineSplitter((line) => lines.push(line))
  for (const chunk of chunks) splitter.push(chunk)
  splitter.end()
  return lines
}

describe('createLineSplitter', () => {
  it('hands on whole lines, and at the end what had no line end', () => {
    expect(split(Buffer.from('one\r\ntw'), Buffer.from('o\n\nthree'))).toEqual(['one', 'two', '', 'three'])
  })

  it('gives the same lines however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }).map((line) => line.replace(/[\r\n]/g, ''))),
        fc.array(fc.nat(400)),
        (lines, cuts) => {
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
          const points = [0, ...cuts.filter((cut) => cut < bytes.length).sort((left, right) => left - right), bytes.length]
          const chunks = points.slice(1).map((end, index) => bytes.subarray(points[index], end))
          expect(split(...chunks)).toEqual(lines)
        },
      ),
    )
  })

  it('cuts a line that has no end, and loses nothing of it', () => {
    const pieces = split(Buffer.from('x'.repeat(40_000)))
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(16 * 1024)
    expect(pieces.join('')).toBe('x'.repeat(40_000))
  })
})
