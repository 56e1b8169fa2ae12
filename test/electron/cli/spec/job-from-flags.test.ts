import { describe, expect, it } from 'vitest'
import { inputsOf, jobFromFlags } from '../../../../electron/cli/spec/job-from-flags'
import type { JobFlags } from '../../../../electron/cli/spec/job-from-flags'
import { wireJob } from '../../../../electron/cli/spec/wire-job'

const none: JobFlags = {
  namespace: 'default',
  priority: 0,
  labels: [],
  count: 1,
  target: 'any',
  constraints: '',
  taskName: 'main',
  env: {},
  input: [],
  output: [],
  domain: [],
}
const engine = { Type: 'docker', Params: { Image: 'busybox' } }
const job = (flags: Partial<JobFlags>) => wireJob(jobFromFlags({ ...none, ...flags }, engine, inputsOf({ ...none, ...flags })))

describe('jobFromFlags', () => {
  it('is as the real command line sends it, without and with every flag', () => {
    const rest = { ID: '', Meta: null, State: { StateType: 'Undefined' }, Version: 0, Revision: 0, CreateTime: 0, ModifyTime: 0 }
    const bare = { Name: 'main', Engine: engine, Publisher: null, Resources: {}, Timeouts: {} }
    expect(job({})).toEqual({
      ...rest,
      Name: '',
      Namespace: 'default',
      Type: 'batch',
      Priority: 0,
      Count: 1,
      Constraints: null,
      Labels: {},
      Tasks: [bare],
    })
    const url = 'https://example.org/x.txt'
    const full = job({
      ...{
        name: 'dr-full',
        namespace: 'dev',
        priority: 3,
        labels: ['a=b,c=d', 'e'],
        constraints: 'zone=a,tier',
        taskName: 't1',
        env: { FOO: 'bar' },
      },
      ...{
        input: [`src=${url},dst=/in/x.txt`],
        output: ['out:/out'],
        publisher: 'local',
        cpu: '0.1',
        memory: '50Mb',
        network: 'none',
        timeout: 20,
        queueTimeout: 5,
      },
    })
    expect(full).toEqual({
      ...{ ...rest, Name: 'dr-full', Namespace: 'dev', Type: 'batch', Priority: 3, Count: 1, Labels: { a: 'b', c: 'd', e: '' } },
      Constraints: [
        { Key: 'tier', Operator: 'exists' },
        { Key: 'zone', Operator: '=', Values: ['a'] },
      ],
      Tasks: [
        {
          ...{ Name: 't1', Engine: engine, Publisher: { Type: 'local' }, Env: { FOO: 'bar' } },
          InputSources: [{ Source: { Type: 'urlDownload', Params: { URL: url } }, Alias: url, Target: '/in/x.txt' }],
          ResultPaths: [{ Name: 'out', Path: '/out' }],
          ...{ Resources: { CPU: '0.1', Memory: '50mb' }, Network: { Type: 'None' }, Timeouts: { QueueTimeout: 5, TotalTimeout: 20 } },
        },
      ],
    })
  })

  it('runs on all nodes with --target all, and may reach domains', () => {
    expect(job({ target: 'all' })).toMatchObject({ Type: 'ops' })
    expect(job({ network: 'http', domain: ['example.org'] })).toMatchObject({ Tasks: [{ Network: { Type: 'HTTP', Domains: ['example.org'] } }] })
  })

  it.each<[Partial<JobFlags>, RegExp]>([
    [{ cpu: 'lots' }, /invalid CPU value: lots/],
    [{ env: { lower: '1' } }, /environment variable 'lower' must be uppercase/],
    [{ network: 'nonsense' }, /--network cannot be "nonsense"/],
    [{ queueTimeout: -1 }, /invalid queue timeout value: -1s/],
    [{ target: 'all', count: 2 }, /ops jobs cannot specify count > 1/],
  ])('refuses %j', (flags, says) => expect(() => job(flags)).toThrow(says))
})
