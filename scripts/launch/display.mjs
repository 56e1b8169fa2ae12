import { connect } from 'node:net'

const FIRST_X_PORT = 6000
const ANSWER_MS = 2_000

/**
 * Whether a window can be shown. Electron on Linux ends without a word of use when it cannot, so it is asked before.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} platform
 * @returns {Promise<string | undefined>} why no window can be shown; undefined when one can
 */
export async function whyNoDisplay(env, platform) {
  if (platform !== 'linux') return undefined
  if (env.WAYLAND_DISPLAY && (await answers({ path: waylandSocket(env) }))) return undefined
  if (!env.DISPLAY) return env.WAYLAND_DISPLAY ? `the Wayland display ${env.WAYLAND_DISPLAY} does not answer` : 'there is no display'
  for (const address of xAddresses(env.DISPLAY)) if (await answers(address)) return undefined
  return `the X display ${env.DISPLAY} does not answer`
}

/**
 * @param {string} display like `:1`, `:1.0` or `host:10`
 * @returns {Array<{path: string} | {host: string, port: number}>} where its server may listen, likeliest first
 */
export function xAddresses(display) {
  const match = /^(?:(?:unix|tcp)\/)?([^:/]*):(\d+)(?:\.\d+)?$/.exec(display)
  if (match === null) return display.startsWith('/') ? [{ path: display }] : []
  const [, host = '', number = ''] = match
  const path = `/tmp/.X11-unix/X${number}`
  if (host === '' || host === 'unix') return [{ path }, { path: `\0${path}` }]
  return [{ host, port: FIRST_X_PORT + Number(number) }]
}

function waylandSocket(env) {
  return env.WAYLAND_DISPLAY.startsWith('/') ? env.WAYLAND_DISPLAY : `${env.XDG_RUNTIME_DIR ?? ''}/${env.WAYLAND_DISPLAY}`
}

function answers(address) {
  return new Promise((resolve) => {
    const socket = connect({ ...address, timeout: ANSWER_MS })
    const end = (answer) => {
      socket.destroy()
      resolve(answer)
    }
    socket.on('connect', () => end(true))
    socket.on('timeout', () => end(false))
    socket.on('error', () => end(false))
  })
}
