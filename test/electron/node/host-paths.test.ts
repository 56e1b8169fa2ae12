import { describe, expect, it } from 'vitest'
import { hostPaths } from '../../../electron/node/host-paths'

describe('the places of a build', () => {
  it('of a checkout and of a package are both looked at, after the folder that was named', () => {
    expect(hostPaths('/app/resources/app.asar/dist', { platform: 'linux', binFolder: '/opt/bin' })).toEqual({
      natsServerCandidates: ['/opt/bin/nats-server', '/app/resources/bin/nats-server', '/app/resources/app.asar/vendor/nats-server/nats-server'],
      gateWorker: '/app/resources/app.asar/dist/gate.js',
      companions: '/app/resources/app.asar/dist',
    })
  })

  it('know the name of programs on Windows', () => {
    expect(hostPaths('/x/dist', { platform: 'win32', binFolder: '' }).natsServerCandidates).toEqual([
      '/bin/nats-server.exe',
      '/x/vendor/nats-server/nats-server.exe',
    ])
  })
})
