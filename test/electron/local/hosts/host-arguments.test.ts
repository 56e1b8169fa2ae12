import { expect, test } from 'vitest'
import { computeArguments, orchestratorArguments, wishPorts } from '../../../../electron/local/hosts/host-arguments'
import { hostEnvironment } from '../../../../electron/local/hosts/host-environment'

const settings = { host: '127.0.0.1', token: 'secret', natsPort: undefined, apiPort: undefined }
const free = () => Promise.resolve(true)
const taken = () => Promise.resolve(false)

test('asks for the port of the last start while it is free', async () => {
  expect(await wishPorts(settings, { nats: 4223, api: 1240 }, free)).toEqual({ nats: 4223, api: 1240 })
  expect(await wishPorts(settings, { nats: 4223, api: 1240 }, taken)).toEqual({ nats: undefined, api: undefined })
})

test('the usual ports, and those the file names, are the host’s own affair', async () => {
  expect(await wishPorts(settings, { nats: 4222, api: 1234 }, free)).toEqual({ nats: undefined, api: undefined })
  expect(await wishPorts(settings, undefined, free)).toEqual({ nats: undefined, api: undefined })
  expect(await wishPorts({ ...settings, natsPort: 5000 }, { nats: 4223, api: 1234 }, free)).toEqual({ nats: undefined, api: undefined })
})

test('no secret stands in an argument', () => {
  const args = [
    ...orchestratorArguments({ name: 'reef', dataDir: '/d' }, { nats: 4223, api: undefined }, '127.0.0.1'),
    ...computeArguments({ name: 'reef-a', dataDir: '/d/a' }),
  ]
  expect(args).toEqual([
    '--orchestrator',
    '--data-dir',
    '/d',
    '--name',
    'reef',
    '-c',
    'Orchestrator.Host=127.0.0.1',
    '-c',
    'Orchestrator.Port=4223',
    '--compute',
    '--data-dir',
    '/d/a',
    '--name',
    'reef-a',
  ])
})

test('variables that would set keys do not reach the hosts of a cluster; the rest does', () => {
  const env = {
    PATH: '/bin',
    HOME: '/h',
    SHOAL_BIN: '/b',
    SHOAL_API_PORT: '1',
    BACALHAU_COMPUTE_AUTH_TOKEN: 'x',
    LOG_LEVEL: 'debug',
    NODE_OPTIONS: '-r x',
    ELECTRON_RUN_AS_NODE: '1',
  }
  expect(hostEnvironment(env)).toEqual({ PATH: '/bin', HOME: '/h', SHOAL_BIN: '/b' })
})
