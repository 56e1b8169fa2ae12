import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseNodeId, nodeIdProblem, type NameSources } from '../../../../electron/node/data/node-id'

const sources: NameSources = {
  uuid: () => '2fe6860b-42fe-4486-b077-11b3ba65bf75',
  hostname: () => 'box.example.org',
  instanceId: (cloud) => Promise.resolve(`${cloud}-42\n`),
}

describe('the id of a node', () => {
  it.each([
    ['puuid', 'n-2fe6860b-42fe-4486-b077-11b3ba65bf75'],
    ['uuid', '2fe6860b-42fe-4486-b077-11b3ba65bf75'],
    ['hostname', 'box-example-org'],
    ['aws', 'aws-42'],
    ['gcp', 'gcp-42'],
  ] as const)('of a new node comes from the provider %s: %s', async (provider, nodeId) => {
    expect(await chooseNodeId({ stored: undefined, asked: undefined, provider, sources })).toEqual({ nodeId, isNew: true })
  })

  it('of a new node is the asked one', async () => {
    expect(await chooseNodeId({ stored: undefined, asked: 'north-1', provider: 'puuid', sources })).toEqual({ nodeId: 'north-1', isNew: true })
  })

  it('never changes: another name is only a notice', async () => {
    expect(await chooseNodeId({ stored: 'old', asked: 'old', provider: 'puuid', sources })).toEqual({ nodeId: 'old', isNew: false })
    const kept = await chooseNodeId({ stored: 'old', asked: 'new', provider: 'uuid', sources })
    expect(kept).toMatchObject({ nodeId: 'old', isNew: false })
    expect(kept.notice).toContain('new')
  })

  it.each(['', ' ', 'a b', 'a.b', 'a*', 'a>', 'a/b', 'ä', '\0', 'x'.repeat(129)])(
    'is refused when it cannot stand in a subject: %j',
    async (asked) => {
      await expect(chooseNodeId({ stored: undefined, asked, provider: 'puuid', sources })).rejects.toMatchObject({ code: 'node-id.invalid' })
    },
  )

  it('suggests one that would do', async () => {
    const refusal: unknown = await chooseNodeId({ stored: undefined, asked: 'my node.local', provider: 'puuid', sources }).catch(
      (error: unknown) => error,
    )
    expect(refusal).toMatchObject({ hint: expect.stringContaining('my-node-local') as string })
  })

  it('is one token of a NATS subject, always', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        if (nodeIdProblem(text) === undefined) expect(text).toMatch(/^[^\s.*>\0]+$/)
      }),
    )
  })
})
