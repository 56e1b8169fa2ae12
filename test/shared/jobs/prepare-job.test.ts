import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/errors'
import { shippedDefaults } from '../../../shared/jobs/apply-defaults'
import { prepareJob } from '../../../shared/jobs/prepare-job'
import { sampleSpec } from './sample-spec'

interface Exchange {
  readonly step: string
  readonly request: { readonly method: string; readonly path: string; readonly body: Readonly<Record<string, unknown>> | null }
  readonly response: { readonly status: number; readonly body: Readonly<Record<string, unknown>> }
}

const recorded = JSON.parse(readFileSync(path.join(__dirname, '../../fixtures/http/invalid-specs.json'), 'utf8')) as Exchange[]
const submissions = recorded.filter(({ request }) => request.method === 'PUT')
const lookUps = recorded.filter(({ request }) => request.method === 'GET')
const options = { defaults: shippedDefaults, newId: () => 'j-00000000-0000-0000-0000-000000000000' }

/** Bodies have their key in any case too; that is the route's business. */
const jobOf = ({ request }: Exchange): unknown => request.body?.Job ?? request.body?.job
/** Where in the text the fault stands is not known once the text has been decoded. */
const withoutOffset = (message: unknown): string => String(message).replace(/, offset=\d+/, '')

function failure(job: unknown): AppError {
  try {
    prepareJob(job, options)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('the job was taken')
}

/** Taken by Bacalhau and then never placed; refused here. */
const refusedHere = new Map([
  ['direct: constraint with unknown operator', 'constraint 1 validation failed: selector operator "~" is unknown'],
  ['direct: constraint gt with text', 'constraint 1 validation failed: selector value "x" must be a whole number'],
])
/** Crashes Bacalhau's handler. */
const crash = 'direct: task null'

describe('the recorded submissions', () => {
  it('are all here', () => expect(submissions).toHaveLength(55))

  it.each(submissions.filter(({ step, response }) => response.status !== 200 && step !== crash))('$step is refused in the same words', (exchange) => {
    expect(failure(jobOf(exchange)).message).toBe(withoutOffset(exchange.response.body.Message))
  })

  it.each(submissions.filter(({ step, response }) => response.status === 200 && !refusedHere.has(step)))(
    '$step is taken, with the same warnings',
    (exchange) => {
      const { warnings } = prepareJob(jobOf(exchange), options)
      expect(warnings.length === 0 ? null : warnings).toEqual(exchange.response.body.Warnings)
    },
  )

  it.each([...refusedHere])('%s is refused with the fault named', (step, text) => {
    const exchange = submissions.find((one) => one.step === step)
    expect(failure(exchange && jobOf(exchange)).message).toContain(text)
  })

  it('a task that is null is named', () => expect(failure(sampleSpec({ Tasks: [null] })).message).toBe('Job.Tasks[0] is null'))

  it('tells faults of the stored form apart', () => {
    expect(failure(sampleSpec({}, { ResultPaths: [{ Name: 'a', Path: '/a' }] })).code).toBe('job.incomplete')
    expect(failure(sampleSpec({ Count: -1 })).code).toBe('job.invalid')
  })
})

describe('jobs as they were stored', () => {
  const stored = lookUps.flatMap(({ response }) => (response.body.Job === undefined ? [] : [response.body.Job as Readonly<Record<string, unknown>>]))

  it.each(stored.map((job) => [String(job.Name), job] as const).filter(([name]) => !/^case-/.test(name)))('%s has the recorded form', (name, job) => {
    const exchange = submissions.find(
      (one) => (jobOf(one) as { Name?: string; name?: string } | undefined)?.Name === name || (name === 'camel' && one.step.includes('camel')),
    )
    const { job: made } = prepareJob(exchange && jobOf(exchange), { ...options, meta: reserved(job.Meta) })
    const { ID, Name, Namespace, Type, Priority, Count, Constraints, Meta, Labels, Tasks } = job
    if (Type === 'service') expect(made.ID).toBe(ID)
    expect(made).toMatchObject({ Name, Namespace, Type, Priority, Count })
    expect({ ...made.Meta }).toEqual(Meta)
    expect(JSON.parse(JSON.stringify([made.Constraints, made.Labels, made.Tasks]))).toEqual([Constraints, Labels, Tasks])
  })
})

function reserved(meta: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(meta as Record<string, string>).filter(([key]) => key.startsWith('bacalhau.org/')))
}
