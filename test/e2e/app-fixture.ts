import { mkdirSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { _electron, test as base, expect, type ElectronApplication, type Page } from '@playwright/test'
import { parseProcStat } from '../../electron/process/process-identity'
import type { Answer } from '../../shared/bridge'
import type { CommandInput, CommandName, CommandOutput } from '../../shared/ipc'

export const root = path.resolve(__dirname, '../..')

/** The app as a user has it in front of them. */
export interface OpenApp {
  readonly electron: ElectronApplication
  readonly page: Page
  /** Pid of the main process. */
  readonly pid: number
  /** What the page complained about: errors, warnings, violations of the content policy. */
  readonly complaints: readonly string[]
  /** One command of the contract, as the page gives it; rejects with the failure's code and message. */
  call<Name extends CommandName>(name: Name, input: CommandInput<Name>): Promise<CommandOutput<Name>>
}

/** A folder of user data, and the apps that were started over it. */
export interface Desk {
  readonly data: string
  open(options?: { readonly args?: readonly string[] }): Promise<OpenApp>
  /** Processes that this desk's apps started and that still run; zombies do not. */
  processes(): Promise<readonly { readonly pid: number; readonly command: string }[]>
  /** What lies in the folder that these apps have for temporary files. */
  temporaryFiles(): Promise<readonly string[]>
}

export const test = base.extend<{ desk: Desk }>({
  desk: async ({ browserName: _ }, use) => {
    const data = await mkdtemp(path.join(tmpdir(), 'shoal-desk-'))
    const opened: ElectronApplication[] = []
    const desk: Desk = {
      data,
      open: async ({ args = [] } = {}) => {
        const electron = await _electron.launch({ args: [...launchArguments(), ...args], cwd: root, env: environment(data) })
        opened.push(electron)
        return watch(electron)
      },
      processes: () => processesOver(data),
      temporaryFiles: () => readdir(temporaryFolder(data)),
    }
    await use(desk)
    for (const electron of opened) await electron.close().catch(() => undefined) // Closed by the test already.
    await expect.poll(() => desk.processes(), { message: 'no process is left', timeout: 10_000 }).toEqual([])
    await rm(data, { recursive: true, force: true })
  },
})

export { expect }

/** As root the sandbox of Chromium does not work at all. */
export function launchArguments(): readonly string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox', root] : [root]
}

/** Of a program whose files lie in a folder, temporary ones too. */
export function environment(data: string): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name, value]) => value !== undefined && !/^(SHOAL_|BACALHAU_|ELECTRON_)/.test(name))
  mkdirSync(temporaryFolder(data), { recursive: true })
  return { ...(Object.fromEntries(kept) as Record<string, string>), TMPDIR: temporaryFolder(data), SHOAL_USER_DATA: data }
}

const temporaryFolder = (data: string): string => path.join(data, 'tmp')

async function watch(electron: ElectronApplication): Promise<OpenApp> {
  const page = await electron.firstWindow()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
  await page.waitForLoadState('load')
  const pid = electron.process().pid
  if (pid === undefined) throw new Error('the app has no process')
  return {
    electron,
    page,
    pid,
    complaints,
    call: async (name, input) => {
      const expression = `window.shoal.call(${JSON.stringify(name)}, ${input === undefined ? 'undefined' : JSON.stringify(input)})`
      const answer = await page.evaluate<Answer<never>>(expression)
      if (answer.ok) return answer.value
      throw new Error(`${answer.failure.code}: ${answer.failure.message}`)
    },
  }
}

async function processesOver(data: string): Promise<readonly { readonly pid: number; readonly command: string }[]> {
  const found: { pid: number; command: string }[] = []
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue
    try {
      const [command, variables, stat] = await Promise.all(['cmdline', 'environ', 'stat'].map((file) => readFile(`/proc/${name}/${file}`, 'utf8')))
      const ours = command?.includes(data) === true || variables?.includes(data) === true
      if (ours && parseProcStat(stat ?? '').state !== 'Z')
        found.push({ pid: Number(name), command: (command ?? '').replaceAll('\0', ' ').slice(0, 200) })
    } catch {
      continue // It ended while it was looked at, or is another user's.
    }
  }
  return found
}

/** Clicks *Start cluster* and resolves when the list of nodes is there with a connected compute node. */
export async function startCluster({ page }: OpenApp): Promise<void> {
  await page.getByRole('button', { name: /^Start (cluster|on port)/ }).click()
  await expect(row(page, 'tidepool-a')).toContainText('Connected')
}

/** The row of a node, by its name. */
export function row(page: Page, node: string) {
  return page
    .getByRole('grid')
    .getByRole('row')
    .filter({ has: page.getByText(node, { exact: true }) })
}
