import { describe, expect, it } from 'vitest'
import { columnIds, fitColumns, nodeColumns, tracksOf } from '../../../../../renderer/features/nodes/table/columns'

const usual = columnIds.filter((id) => nodeColumns[id].usual)

describe('fitColumns', () => {
  it('shows all usual columns in a normal window, the chief ones beside the details and in a small window', () => {
    expect(fitColumns(usual, 1068)).toEqual(['name', 'state', 'engines', 'cpu', 'memory', 'gpu', 'jobs', 'rtt', 'version', 'labels'])
    expect(fitColumns(usual, 848)).toEqual(['name', 'state', 'cpu', 'memory', 'jobs', 'rtt'])
    expect(fitColumns(usual, 697)).toEqual(['name', 'state', 'cpu', 'memory', 'jobs', 'rtt'])
  })

  it('keeps name and state however narrow it is', () => {
    expect(fitColumns(usual, 0)).toEqual(['name', 'state'])
  })

  it('never shows what is not wanted', () => {
    expect(fitColumns(['name', 'state', 'rtt'], 4000)).toEqual(['name', 'state', 'rtt'])
  })

  it('has a track for the sign and one for each column', () => {
    expect(tracksOf(['name', 'rtt'])).toBe(`20px ${nodeColumns.name.track} 48px`)
  })
})
