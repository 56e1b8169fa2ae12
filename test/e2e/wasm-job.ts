import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect } from '@playwright/test'

const ofJob = (apiUrl: string, id = ''): string => `${apiUrl}/api/v1/orchestrator/jobs${id === '' ? '' : `/${id}`}`

/** Submits a WASM program that does what its first parameter says (`hello`, `sleep S`) to an orchestrator's API; resolves with the job's id. */
export async function submitWasmJob(apiUrl: string, Parameters: readonly string[], Resources = { CPU: '0.05', Memory: '100Mb' }): Promise<string> {
  const module = await readFile(path.resolve(__dirname, '../fixtures/wasm/probe.wasm'))
  const job = {
    Type: 'batch',
    Count: 1,
    Tasks: [
      {
        Name: 'main',
        Engine: { Type: 'wasm', Params: { EntryModule: '/job.wasm', Entrypoint: '_start', Parameters } },
        InputSources: [
          { Source: { Type: 'inline', Params: { URL: `data:application/wasm;base64,${module.toString('base64')}` } }, Target: '/job.wasm' },
        ],
        Resources,
      },
    ],
  }
  const submitted = await fetch(ofJob(apiUrl), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ Job: job }),
  })
  const { JobID } = (await submitted.json()) as { readonly JobID: string }
  return JobID
}

export async function stopJob(apiUrl: string, id: string): Promise<void> {
  expect((await fetch(ofJob(apiUrl, id), { method: 'DELETE' })).ok).toBe(true)
}

/** Has a WASM program say hello on a cluster, and expects it to be done, with its words. */
export async function expectWasmJobToRun(apiUrl: string): Promise<void> {
  const JobID = await submitWasmJob(apiUrl, ['hello'])
  interface Told {
    readonly Job: { readonly State: { readonly StateType: string; readonly Message?: string } }
    readonly Executions: { readonly Items: readonly { readonly RunOutput: { readonly Stdout: string } }[] }
  }
  const look = async (): Promise<Told> => (await (await fetch(`${ofJob(apiUrl, JobID)}?include=executions`)).json()) as Told
  await expect.poll(async () => (await look()).Job.State.StateType, { message: 'the job ends', timeout: 20_000 }).toMatch(/Completed|Failed/)
  const { Job, Executions } = await look()
  expect(Job.State).toMatchObject({ StateType: 'Completed' })
  expect(Executions.Items[0]?.RunOutput.Stdout).toContain('hello from wasm')
}
