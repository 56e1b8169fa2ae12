import { spawnChild } from '../../process/child'
import type { HostChild, HostLauncher } from './host-launcher'

/** Starts role hosts in plain Node. `hostEntry` is the built `dist/node.js`. */
export function createNodeLauncher({ hostEntry, execPath }: { readonly hostEntry: string; readonly execPath: string }): HostLauncher {
  return {
    launch: ({ args, env, cwd, pidRecord }) => {
      const child = spawnChild({ file: execPath, args: [hostEntry, ...args], env: { ...env }, cwd, lifeline: true, messages: true, pidRecord })
      const host: HostChild = { ...child, onLine: (listener) => child.onLine((line) => listener(line)) }
      return Promise.resolve(host)
    },
  }
}
