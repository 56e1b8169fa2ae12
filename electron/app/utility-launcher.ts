import { utilityProcess } from 'electron'
import { AppError } from '../../shared/errors'
import type { HostChild, HostLauncher, HostRequest } from '../local/host-launcher'
import type { ChildExit } from '../process/child'
import { createLineSplitter } from '../process/output-lines'
import { recordPid } from '../process/pid-record'

const KEPT_LINES = 50

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
          child.once('exit', (code) => ended({ code, signal: null }))
        })
        const output = readOutput(child)
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

interface Output {
  readonly kept: readonly string[]
  onLine(listener: (line: string) => void): () => void
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

function readOutput(child: Electron.UtilityProcess): Output {
  const kept: string[] = []
  const listeners = new Set<(line: string) => void>()
  for (const stream of [child.stdout, child.stderr]) {
    const lines = createLineSplitter((line) => {
      kept.push(line)
      if (kept.length > KEPT_LINES) kept.shift()
      for (const listener of listeners) listener(line)
    })
    stream?.on('data', (chunk: Buffer) => lines.push(chunk))
    stream?.on('end', () => lines.end())
    stream?.on('error', () => undefined) // Followed by the exit of the process.
  }
  return {
    kept,
    onLine: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function definedOnly(env: HostRequest['env']): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
