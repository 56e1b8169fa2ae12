import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { whyNoDisplay, xAddresses } from '../../../scripts/launch/display.mjs'

describe('whyNoDisplay', () => {
  it('asks only on Linux', async () => {
    expect(await whyNoDisplay({}, 'darwin')).toBeUndefined()
    expect(await whyNoDisplay({}, 'win32')).toBeUndefined()
  })

  it('tells apart no display and one that does not answer', async () => {
    expect(await whyNoDisplay({}, 'linux')).toBe('there is no display')
    expect(await whyNoDisplay({ DISPLAY: ':64321' }, 'linux')).toBe('the X display :64321 does not answer')
    expect(await whyNoDisplay({ WAYLAND_DISPLAY: 'wayland-gone', XDG_RUNTIME_DIR: tmpdir() }, 'linux')).toBe(
      'the Wayland display wayland-gone does not answer',
    )
  })

  it('takes a display that answers', async () => {
    const socket = path.join(mkdtempSync(path.join(tmpdir(), 'shoal-display-')), 'wayland-9')
    const server = createServer((connection) => connection.end())
    await new Promise<void>((resolve) => server.listen(socket, resolve))
    expect(await whyNoDisplay({ WAYLAND_DISPLAY: 'wayland-9', XDG_RUNTIME_DIR: path.dirname(socket) }, 'linux')).toBeUndefined()
    await new Promise((resolve) => server.close(resolve))
    expect(await whyNoDisplay({ WAYLAND_DISPLAY: 'wayland-9', XDG_RUNTIME_DIR: path.dirname(socket) }, 'linux')).toContain('does not answer')
  })
})

describe('xAddresses', () => {
  it('reads the forms of DISPLAY', () => {
    expect(xAddresses(':1.0')).toEqual([{ path: '/tmp/.X11-unix/X1' }, { path: '\0/tmp/.X11-unix/X1' }])
    expect(xAddresses('localhost:10.0')).toEqual([{ host: 'localhost', port: 6010 }])
    expect(xAddresses('/private/tmp/socket:0')).toEqual([{ path: '/private/tmp/socket:0' }])
    expect(xAddresses('nonsense')).toEqual([])
  })
})
