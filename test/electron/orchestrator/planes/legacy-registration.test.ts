import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refuseLegacy } from '../../../../electron/orchestrator/planes/legacy-registration'

interface Line {
  readonly from: string
  readonly subject: string
  readonly reply: string
  readonly payload_b64: string
  readonly decoded: { readonly value?: { readonly Accepted?: boolean; readonly Reason?: string } } | null
}

const lines = readFileSync(join(__dirname, '../../../fixtures/wire/18-legacy-registration.jsonl'), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Line)
const ask = (subject: string, text: string) => refuseLegacy({ subject, data: new TextEncoder().encode(text) })

describe('a legacy registration', () => {
  it('is answered as a real orchestrator answers nodes of today, and never accepted', () => {
    const requests = lines.filter(({ from, subject }) => from === 'compute' && subject.startsWith('node.management.'))
    expect(requests.length).toBeGreaterThan(5)
    for (const request of requests) {
      const answer = refuseLegacy({ subject: request.subject, data: Buffer.from(request.payload_b64, 'base64') })
      const real = lines.find(({ from, subject }) => from === 'orchestrator' && subject === request.reply)?.decoded
      if (real?.value?.Accepted === false) expect(answer).toEqual(real)
      else if (real === undefined) expect(answer).toBeUndefined()
      else expect(JSON.stringify(answer)).not.toContain('"Accepted":true')
    }
  })

  it('of a node that speaks nothing newer says what to do', () => {
    expect(ask('node.management.n-1.RegisterNode/v1', '{"Info":{"NodeID":"n-1","SupportedProtocols":null}}')).toEqual({
      value: { Accepted: false, Reason: 'this orchestrator takes only nodes that speak NCLv1: update the node' },
    })
  })

  it('of any bytes is refused or left without an answer', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('RegisterNode/v1', 'UpdateNodeInfo/v1', 'UpdateResources/v1', 'x', ''),
        fc.oneof(fc.json(), fc.string()),
        (method, text) => {
          const answer = ask(`node.management.n-1.${method}`, text)
          if (answer !== undefined && answer.error === undefined) expect(answer.value).toMatchObject({ Accepted: false })
        },
      ),
    )
  })
})
