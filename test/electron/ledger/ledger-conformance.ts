import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { Ledger } from '../../../electron/ledger/ledger'

/** One place where a ledger is kept; `open` opens it again and again. */
export interface LedgerPlace {
  open(): Promise<Ledger>
  remove(): Promise<void>
}

/** What every kind of ledger has to do. */
export function describeLedger(name: string, newPlace: () => Promise<LedgerPlace>): void {
  describe(`${name}: what every ledger does`, () => {
    const ledgers: Ledger[] = []
    let place: LedgerPlace | undefined

    const open = async (): Promise<Ledger> => {
      place ??= await newPlace()
      const ledger = await place.open()
      ledgers.push(ledger)
      return ledger
    }
    afterEach(async () => {
      for (const ledger of ledgers.splice(0)) await ledger.close()
      await place?.remove()
      place = undefined
    })

    it('is empty at first', async () => {
      const ledger = await open()
      expect(ledger.lastSequence).toBe(0)
      expect(await replayed(ledger)).toEqual([])
    })

    it('numbers records from 1 and gives them back in order, also when opened again', async () => {
      const first = await open()
      expect(await first.append({ kind: 'a' })).toBe(1)
      expect(await first.append({ kind: 'b' })).toBe(2)
      const both = [
        { record: { kind: 'a' }, sequence: 1 },
        { record: { kind: 'b' }, sequence: 2 },
      ]
      expect(await replayed(first)).toEqual(both)
      await first.close()

      const second = await open()
      expect(second.lastSequence).toBe(2)
      expect(await replayed(second)).toEqual(both)
      expect(await second.append({ kind: 'c' })).toBe(3)
    })

    it('keeps the order of calls made at the same time', async () => {
      const ledger = await open()
      const sequences = await Promise.all(Array.from({ length: 500 }, (_, index) => ledger.append(index)))
      expect(sequences).toEqual(Array.from({ length: 500 }, (_, index) => index + 1))
      expect(ledger.lastSequence).toBe(500)
      expect((await replayed(ledger)).map(({ record }) => record)).toEqual(Array.from({ length: 500 }, (_, index) => index))
    })

    it('holds any JSON value', async () => {
      const ledger = await open()
      await fc.assert(
        fc.asyncProperty(fc.array(fc.jsonValue(), { minLength: 1, maxLength: 5 }), async (records) => {
          const before = ledger.lastSequence
          await Promise.all(records.map((record) => ledger.append(record)))
          const stored = (await replayed(ledger)).slice(before).map(({ record }) => record)
          expect(stored).toEqual(JSON.parse(JSON.stringify(records)))
        }),
        { numRuns: 25 },
      )
    })

    it('takes the record as it is at the call', async () => {
      const ledger = await open()
      const record = { value: 1 }
      const appended = ledger.append(record)
      record.value = 2
      await appended
      expect(await replayed(ledger)).toEqual([{ record: { value: 1 }, sequence: 1 }])
    })

    it('refuses what is no JSON and what is too large, and goes on', async () => {
      const ledger = await open()
      const circular: Record<string, unknown> = {}
      circular.self = circular
      await expect(ledger.append(undefined)).rejects.toMatchObject({ code: 'ledger.invalid-record' })
      await expect(ledger.append(circular)).rejects.toMatchObject({ code: 'ledger.invalid-record' })
      await expect(ledger.append('x'.repeat(2 * 1024 * 1024))).rejects.toMatchObject({ code: 'ledger.record-too-large' })
      expect(await ledger.append('fine')).toBe(1)
    })

    it('holds records larger than a batch, mixed with small ones', async () => {
      const ledger = await open()
      const records = Array.from({ length: 12 }, (_, index) => (index % 3 === 0 ? 'y'.repeat(300_000) : `small ${index}`))
      await Promise.all(records.map((record) => ledger.append(record)))
      expect((await replayed(ledger)).map(({ record }) => record)).toEqual(records)
    })

    it('keeps out a writer whose place another one has taken', async () => {
      const stale = await open()
      await stale.append('one')
      const fresh = await open()
      await fresh.append('two')
      await expect(stale.append('three')).rejects.toMatchObject({ code: 'ledger.fenced' })
      await expect(stale.append('four')).rejects.toMatchObject({ code: 'ledger.fenced' })
      expect(await fresh.append('five')).toBe(3)
      expect((await replayed(fresh)).map(({ record }) => record)).toEqual(['one', 'two', 'five'])
    })

    it('stores what was given before it is closed, and nothing after', async () => {
      const ledger = await open()
      const before = [ledger.append('one'), ledger.append('two')]
      const closed = ledger.close()
      await expect(ledger.append('three')).rejects.toMatchObject({ code: 'ledger.closed' })
      expect(await Promise.all(before)).toEqual([1, 2])
      await closed
      const again = await open()
      expect((await replayed(again)).map(({ record }) => record)).toEqual(['one', 'two'])
    })

    it('stores and replays ten thousand records well within a second each', async () => {
      const ledger = await open()
      const record = { kind: 'node.connected', node: 'n-0123456789abcdef', at: 1_755_000_000_000, info: 'x'.repeat(150) }
      const beforeAppend = performance.now()
      await Promise.all(Array.from({ length: 10_000 }, () => ledger.append(record)))
      const beforeReplay = performance.now()
      let count = 0
      await ledger.replay(() => count++)
      const end = performance.now()
      expect(count).toBe(10_000)
      expect(beforeReplay - beforeAppend).toBeLessThan(3000)
      expect(end - beforeReplay).toBeLessThan(1000)
    })
  })
}

export async function replayed(ledger: Ledger): Promise<{ record: unknown; sequence: number }[]> {
  const records: { record: unknown; sequence: number }[] = []
  await ledger.replay((record, sequence) => records.push({ record, sequence }))
  return records
}
