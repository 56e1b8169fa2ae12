import { describe, expect, it } from 'vitest'
import { offersOf } from '../../../../electron/compute/machine/offers'
import { defaultConfig } from '../../../../shared/config/schema'

const { Compute, Engines, InputSources, Publishers } = defaultConfig
const config = { Compute, Engines, InputSources, Publishers }

describe('what a node offers', () => {
  it('by itself is WASM, inputs that need nobody’s leave, and its own results', () => {
    expect(offersOf(config)).toEqual({ engines: ['wasm'], publishers: ['local', 'noop'], storages: ['inline', 'urldownload'] })
  })

  it('is plain programs and local paths as well where the owner allows them', () => {
    const allowed = {
      ...config,
      Compute: { ...Compute, AllowListedLocalPaths: ['/data'] },
      Engines: { ...Engines, Types: { ...Engines.Types, Native: { ...Engines.Types.Native, Enabled: true } } },
    }
    expect(offersOf(allowed)).toMatchObject({ engines: ['wasm', 'native'], storages: ['inline', 'local', 'localdirectory', 'urldownload'] })
    expect(offersOf({ ...allowed, Engines: { ...allowed.Engines, Disabled: ['Native'] } }).engines).toEqual(['wasm'])
  })

  it.each([
    ['in any case, with blanks', [' INLINE '], ['local', 'localdirectory', 'urldownload']],
    ['by one of its names', ['localDirectory'], ['inline', 'urldownload']],
    ['by the other one', ['local'], ['inline', 'urldownload']],
    ['that there is not', ['ipfs'], ['inline', 'local', 'localdirectory', 'urldownload']],
  ])('is not what is disabled, %s', (_, Disabled, storages) => {
    const listed = { ...config, Compute: { ...Compute, AllowListedLocalPaths: ['/data'] }, InputSources: { ...InputSources, Disabled } }
    expect(offersOf(listed).storages).toEqual(storages)
  })

  it('is nothing where all is disabled', () => {
    const none = { ...config, Engines: { ...Engines, Disabled: ['wasm'] }, Publishers: { ...Publishers, Disabled: ['Local', 'noop'] } }
    expect(offersOf(none)).toMatchObject({ engines: [], publishers: [] })
  })
})
