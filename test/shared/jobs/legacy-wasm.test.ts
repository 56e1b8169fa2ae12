import { describe, expect, it } from 'vitest'
import { modernizeWasm } from '../../../shared/jobs/legacy-wasm'
import { normalizeJob } from '../../../shared/jobs/normalize-job'
import { readJob } from '../../../shared/jobs/read-job'
import { sampleSpec } from './sample-spec'

const modern = (Engine: unknown) => modernizeWasm(normalizeJob(readJob(sampleSpec({}, { Engine }))).job).Tasks[0]
const Source = { Type: 'inline', Params: { URL: 'data:application/wasm;base64,AA==' } }

describe('modernizeWasm', () => {
  it('turns modules with a source into inputs, as recorded', () => {
    const task = modern({ Type: 'wasm', Params: { EntryModule: { Source, Target: '' }, Entrypoint: '_start' } })
    expect(task?.Engine).toEqual({
      Type: 'wasm',
      Params: { EntryModule: '/wasm/entry.wasm', Entrypoint: '_start', ImportModules: null, Parameters: null },
    })
    expect(task?.InputSources).toEqual([{ Source, Alias: '', Target: '/wasm/entry.wasm' }])
  })

  it('mounts imported modules, each at a path of its own', () => {
    const task = modern({
      Type: 'WASM',
      Params: { EntryModule: { Source, Target: '/a' }, ImportModules: [{ Source }, { Source, Target: '/b' }], Parameters: ['x'] },
    })
    expect(task?.Engine.Params).toEqual({
      EntryModule: '/a',
      Entrypoint: '_start',
      ImportModules: ['/wasm/imports/module_0.wasm', '/b'],
      Parameters: ['x'],
    })
    expect(task?.InputSources?.map(({ Target }) => Target)).toEqual(['/a', '/wasm/imports/module_0.wasm', '/b'])
  })

  it("leaves today's form alone, but for a missing entry point", () => {
    expect(modern({ Type: 'wasm', Params: { EntryModule: '/m', Entrypoint: 'go' } })?.Engine.Params).toEqual({ EntryModule: '/m', Entrypoint: 'go' })
    expect(modern({ Type: 'wasm', Params: { EntryModule: '/m', entrypoint: '' } })?.Engine.Params).toEqual({
      EntryModule: '/m',
      Entrypoint: '_start',
    })
  })

  it('leaves other engines alone', () => {
    expect(modern({ Type: 'docker', Params: { EntryModule: { Source } } })?.Engine.Params).toEqual({ EntryModule: { Source } })
  })

  it('refuses a module without a source', () => {
    expect(() => modern({ Type: 'wasm', Params: { EntryModule: { Target: '/a' } } })).toThrow(
      'invalid entry module: invalid input source: nil spec config',
    )
  })
})
