import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'

const ROOT = path.resolve(__dirname, '../../..')
const CRUISER = path.join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')

/** Files of a small tree: what each imports, and the rule it breaks, if any. */
const TREE: Record<string, { imports: readonly string[]; breaks?: string }> = {
  'shared/errors.ts': { imports: ['zod'] },
  'shared/impure.ts': { imports: ['node:fs'], breaks: 'shared-is-pure' },
  'electron/cli.ts': { imports: ['./cli/up'] },
  'electron/cli/up.ts': { imports: ['../local/start', '../client/ask', '../node/host'] },
  'electron/local/start.ts': { imports: ['../process/child', '../node/host', '../../shared/errors'] },
  'electron/client/ask.ts': { imports: ['../../shared/errors'] },
  'electron/client/peek.ts': { imports: ['../http/serve'], breaks: 'electron/client' },
  'electron/http/serve.ts': { imports: ['../log/logger'] },
  'electron/log/logger.ts': { imports: [] },
  'electron/process/child.ts': { imports: ['node:child_process'] },
  'electron/process/knows.ts': { imports: ['../log/logger'], breaks: 'electron/process' },
  'electron/compute/reach.ts': { imports: ['../orchestrator/plan'], breaks: 'electron/compute' },
  'electron/orchestrator/plan.ts': { imports: ['../access/tokens'] },
  'electron/orchestrator/gatekeep.ts': { imports: ['../access/gate'], breaks: 'orchestrator-takes-tokens-only' },
  'electron/orchestrator/jobs/state.ts': { imports: ['../scheduling/decide'] },
  'electron/orchestrator/scheduling/decide.ts': { imports: ['../plan'] },
  'electron/orchestrator/scheduling/ask.ts': { imports: ['../jobs/state'], breaks: 'orchestrator/scheduling' },
  'electron/access/tokens.ts': { imports: [] },
  'electron/access/gate.ts': { imports: [] },
  'electron/node/host.ts': { imports: ['../orchestrator/plan'] },
  'electron/node/window.ts': { imports: ['electron'], breaks: 'electron-module-only-in-app' },
  'electron/app/window.ts': { imports: ['electron', '../local/start'] },
  'electron/app/commands.ts': { imports: ['../cli/up'], breaks: 'electron/app' },
  'electron/app/back.ts': { imports: ['../cli'], breaks: 'entries-are-not-imported' },
  'electron/config/a.ts': { imports: ['./b'], breaks: 'no-cycle' },
  'electron/config/b.ts': { imports: ['./a'] },
  'electron/config/lost.ts': { imports: ['./nowhere'], breaks: 'no-unresolvable' },
  'renderer/features/nodes/list.ts': { imports: ['../../../shared/errors'] },
  'renderer/features/access/token.ts': { imports: ['../nodes/list'], breaks: 'feature-without-feature' },
  'renderer/components/row.ts': { imports: ['../features/nodes/list'], breaks: 'components-know-no-features' },
  'renderer/state/disk.ts': { imports: ['node:fs'], breaks: 'renderer-without-node' },
  'renderer/state/reach.ts': { imports: ['../../electron/log/logger'], breaks: 'renderer-meets-electron-in-shared' },
}

it('allows what docs/ARCHITECTURE.md allows and finds every step across', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'shoal-zones-'))
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'))
  writeFileSync(path.join(folder, 'tsconfig.json'), readFileSync(path.join(ROOT, 'tsconfig.json')))
  writeFileSync(path.join(folder, 'package.json'), readFileSync(path.join(ROOT, 'package.json')))
  writeFileSync(path.join(folder, '.dependency-cruiser.mjs'), readFileSync(path.join(ROOT, '.dependency-cruiser.mjs')))
  for (const [file, { imports }] of Object.entries(TREE)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    writeFileSync(path.join(folder, file), [...imports.map((name) => `import '${name}'`), 'export {}'].join('\n'))
  }
  const found = await violations(folder)
  const expected = Object.entries(TREE).flatMap(([file, { breaks }]) => (breaks === undefined ? [] : [`${file} ${breaks}`]))
  expect(found).toEqual(expect.arrayContaining(expected))
  const innocent = Object.keys(TREE).filter((file) => TREE[file]?.breaks === undefined)
  expect(found.filter((line) => innocent.includes(line.split(' ')[0] ?? ''))).toEqual([])
})

function violations(cwd: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const args = [CRUISER, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'electron', 'renderer', 'shared']
    execFile(process.execPath, args, { cwd, maxBuffer: 64 * 1024 * 1024 }, (_error, stdout, stderr) => {
      if (stdout === '') reject(new Error(stderr))
      else {
        const { summary } = JSON.parse(stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } }
        resolve(summary.violations.map(({ from, rule }) => `${from} ${rule.name}`))
      }
    })
  })
}
