import { describe, expect, it } from 'vitest'
import { describeHost } from '../../../electron/node/describe-host'

const facts = { nodeId: 'n-1', version: '0.1.0', apiUrl: 'http://127.0.0.1:1234', dataDir: '/d', logFile: '/d/logs/node.log', tokenRequired: true }

describe('the first lines of a node', () => {
  it('of an orchestrator tell where nodes join, and whether they need a token', () => {
    const { text, fields } = describeHost({
      ...facts,
      roles: { orchestrator: true, compute: false },
      nats: { host: '::', port: 4222, websocketPort: 4280 },
    })
    expect(text).toBe(
      [
        'Shoal 0.1.0, orchestrator n-1',
        '  API        http://127.0.0.1:1234',
        '  NATS       nats://[::]:4222, token needed to join',
        '  WebSocket  port 4280',
        '  Data       /d',
        '  Log        /d/logs/node.log',
      ].join('\n'),
    )
    expect(fields).toMatchObject({ nats: 'nats://[::]:4222', access: 'with token', websocketPort: '4280' })
  })

  it('of a compute node tell no NATS address', () => {
    expect(describeHost({ ...facts, roles: { orchestrator: false, compute: true }, nats: undefined }).text.split('\n')).toEqual([
      'Shoal 0.1.0, compute node n-1',
      '  API   http://127.0.0.1:1234',
      '  Data  /d',
      '  Log   /d/logs/node.log',
    ])
  })
})
