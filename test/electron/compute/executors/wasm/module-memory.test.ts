import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limitMemory, MOST_PAGES } from '../../../../../electron/compute/executors/wasm/module-memory'
import { AppError } from '../../../../../shared/errors'
import { wasmBytes } from '../../../../fixtures/wasm-bytes'

const probe = readFileSync('test/fixtures/wasm/probe.wasm')
/** The most pages that the memory of a module may have, as V8 grows it. */
async function mostPages(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
  const { memory: exported } = new WebAssembly.Instance(await WebAssembly.compile(bytes), {}).exports
  if (!(exported instanceof WebAssembly.Memory)) throw new Error('no memory')
  const memory = exported as WebAssembly.Memory & { grow(pages: number): number }
  let low = memory.buffer.byteLength / 65_536
  for (let step = 1024; step > 0; step = Math.floor(step / 2)) {
    try {
      for (;;) low = memory.grow(step) + step
    } catch {
      // It is refused: smaller steps now.
    }
  }
  return low
}

describe('the memory of a module', () => {
  it('grows to the limit and not a page beyond; the rest of the module is as it was', async () => {
    for (const pages of [1, 2, 127, 128, 1000]) expect(await mostPages(limitMemory(wasmBytes({}), pages).bytes)).toBe(pages)
    const [limited, whole] = await Promise.all([limitMemory(probe, 1000).bytes, Uint8Array.from(probe)].map((bytes) => WebAssembly.compile(bytes)))
    expect(WebAssembly.Module.imports(limited!)).toEqual(WebAssembly.Module.imports(whole!))
  })

  it('is never given more than the module itself wants', async () => {
    const once = limitMemory(wasmBytes({}), 3).bytes
    expect(await mostPages(limitMemory(once, 100).bytes)).toBe(3)
  })

  it('that starts beyond the limit is refused, with what to ask for', () => {
    expect(() => limitMemory(probe, 1)).toThrow(
      expect.objectContaining({ code: 'wasm.memory-limit', hint: expect.stringContaining('Resources.Memory') as unknown }),
    )
  })

  it('is no reason for another error than ours, however the bytes are damaged', () => {
    fc.assert(
      fc.property(
        fc.nat(probe.length - 1),
        fc.nat(255),
        fc.integer({ min: 1, max: MOST_PAGES }),
        fc.nat(probe.length),
        (place, value, pages, length) => {
          const damaged = Uint8Array.from(probe.subarray(0, length))
          if (place < damaged.length) damaged[place] = value
          try {
            limitMemory(damaged, pages)
          } catch (error) {
            expect(error).toBeInstanceOf(AppError)
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})
