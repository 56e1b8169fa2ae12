import path from 'node:path'
import { MessageChannelMain, utilityProcess } from 'electron'
import { companionRequestSchema } from '../../../shared/companion'
import { readOutput } from './utility-output'

/** Starts what a role host asks for beside itself, gives both the two ends of one channel, and ends it with the host. */
export function serveCompanions(host: Electron.UtilityProcess, distDir: string): void {
  const companions = new Map<number, Electron.UtilityProcess>()
  let isOver = false
  host.once('exit', () => {
    isOver = true
    for (const companion of companions.values()) companion.kill()
  })
  host.on('message', (message: unknown) => {
    const request = companionRequestSchema.safeParse(message)
    if (!request.success) return
    const { kind, id } = request.data
    if (kind === 'companion.kill') return void companions.get(id)?.kill()
    const { entry } = request.data
    // None of the host's environment, which may hold secrets, is passed on.
    const companion = utilityProcess.fork(path.join(distDir, `${entry}.js`), [], {
      env: {},
      stdio: ['ignore', 'pipe', 'pipe'],
      serviceName: `Shoal ${entry}`,
    })
    companions.set(id, companion)
    const output = readOutput(companion)
    companion.once('spawn', () => {
      if (isOver) return void companion.kill()
      const { port1, port2 } = new MessageChannelMain()
      companion.postMessage({ kind: 'companion.channel' }, [port1])
      host.postMessage({ kind: 'companion.started', id }, [port2])
    })
    companion.once('exit', (code) => {
      companions.delete(id)
      if (!isOver) host.postMessage({ kind: 'companion.exited', id, code, lastLines: [...output.kept] })
    })
  })
}
