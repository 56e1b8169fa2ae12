import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readForEditing, saveEdited } from '../../../electron/app/config-editor'
import type { LocalCluster } from '../../../electron/local/cluster/local-cluster'
import { openYard, type ClusterYard } from '../../fixtures/local-cluster'

let yard: ClusterYard
let cluster: LocalCluster
beforeAll(async () => {
  yard = await openYard()
  cluster = await yard.open('sound')
}, 60_000)
afterAll(() => yard.clear())

test('what is edited is saved with its comments, and what was there is kept beside it', async () => {
  const view = await readForEditing(cluster, 'sound')
  expect(view).toMatchObject({ node: 'sound', path: cluster.configFile('sound'), problems: [] })
  await saveEdited(cluster, { ...view, text: `# mine\n${view.text}` })
  expect(await readFile(view.path, 'utf8')).toBe(`# mine\n${view.text}`)
  expect(await readFile(`${view.path}.bak.1`, 'utf8')).toBe(view.text)
})

test('an edit of a file that is another by now is refused, and so is one that no node could start with', async () => {
  const view = await readForEditing(cluster, 'sound-a')
  await writeFile(view.path, `${view.text}# somebody else\n`)
  await expect(saveEdited(cluster, view)).rejects.toMatchObject({ code: 'config.changed-meanwhile' })
  const now = await readForEditing(cluster, 'sound-a')
  await expect(saveEdited(cluster, { ...now, text: 'API:\n  Port: 99999\n' })).rejects.toMatchObject({
    code: 'config.invalid',
    message: expect.stringContaining('Line 2') as string,
  })
  expect(await readFile(view.path, 'utf8')).toBe(now.text)
})

test('a change that needs no restart reaches a running node', async () => {
  await cluster.start()
  const view = await readForEditing(cluster, 'sound')
  await saveEdited(cluster, { ...view, text: `${view.text}Logging:\n  Level: debug\n` })
  await cluster.applyConfig('sound', false)
  const answer = await fetch(`${cluster.view.apiUrl!}/api/v1/agent/config`)
  expect(await answer.json()).toMatchObject({ config: { Logging: { Level: 'debug' } } })
})
