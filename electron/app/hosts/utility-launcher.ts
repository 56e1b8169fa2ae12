import path from 'node:path'
import { utilityProcess } from 'electron'
import { AppError } from '../../../shared/errors'
import type { HostChild, HostLauncher, HostRequest } from '../../local/hosts/host-launcher'
import type { ChildExit } from '../../process/child'
import { recordPid } from '../../process/pid-record'
import { serveCompanions } from './utility-companions'
import { exitOf } from './utility-exit'
import { readOutput, type Output } from './utility-output'

/**
 * Starts role hosts as utility processes: plain Node, ended by the system when the app is killed. Running the app's binary as Node is
 * switched off, so there is no other way. `hostEntry` is the built `dist/node.js`.
 */
export function createUtilityLauncher({ hostEntry }: { readonly hostEntry: string }): HostLauncher {
  return {
    launch: (request) =>
      new Promise((resolve, reject) => {
        const { name, args, env, cwd, pidRecord } = request
        const child = utilityProcess.fork(hostEntry, [...args], {
          env: definedOnly(env),
          cwd,
          stdio: ['ignore', 'pipe', 'pipe'],
          serviceName: `Shoal node ${name}`,
        })
        const exited = new Promise<ChildExit>((ended) => {
          child.once('exit', (code) => ended(exitOf(code, process.platform)))
        })
        const output = readOutput(child)
        serveCompanions(child, path.dirname(hostEntry))
        child.once('spawn', () => {
          const { pid } = child
          if (pid === undefined) return
          recordPid(pidRecord, { pid, file: process.execPath })
          resolve(wrap(child, pid, exited, output))
        })
        void exited.then(({ code }) => {
          // Nothing happens when it had been spawned before: the promise is settled then.
          reject(
            new AppError('process.spawn-failed', `The process of ${name} could not be started (exit code ${String(code)}).`, {
              hint: 'Look whether this machine has run out of memory or processes.',
            }),
          )
        })
      }),
  }
}

function wrap(child: Electron.UtilityProcess, pid: number, exited: Promise<ChildExit>, output: Output): HostChild {
  let over = false
  void exited.then(() => {
    over = true
  })
  return {
    pid,
    exited,
    // On Windows a signal would end it without a chance to say goodbye; a message is the same everywhere.
    end: () => {
      if (!over) child.postMessage({ kind: 'stop' })
    },
    kill: () => {
      if (!over) process.kill(pid, 'SIGKILL')
    },
    lastLines: () => [...output.kept],
    send: (order) => {
      if (!over) child.postMessage(order)
    },
    onMessage: (listener) => {
      child.on('message', listener)
      return () => child.off('message', listener)
    },
    onLine: (listener) => output.onLine(listener),
  }
}

function definedOnly(env: HostRequest['env']): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
