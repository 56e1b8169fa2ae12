import { AppError } from '../../../shared/errors'
import { companionNoticeSchema, type CompanionRequest } from '../../../shared/companion'
import type { CompanionExit, CompanionLauncher } from '../../process/companion'
import type { ElectronMessage, ElectronParentPort, ElectronPort } from './parent-port'

interface Awaited {
  readonly started: (port: ElectronPort) => void
  readonly exited: (exit: CompanionExit) => void
}

/** Companions that the parent of this utility process starts; they talk with it over a port of their own, past the parent. */
export function askForCompanions(parent: ElectronParentPort): CompanionLauncher {
  const awaited = new Map<number, Awaited>()
  let last = 0
  const ask = (request: CompanionRequest): void => parent.postMessage(request)
  parent.on('message', ({ data, ports }: ElectronMessage) => {
    const notice = companionNoticeSchema.safeParse(data)
    if (!notice.success) return
    const companion = awaited.get(notice.data.id)
    if (notice.data.kind === 'companion.exited') {
      awaited.delete(notice.data.id)
      companion?.exited({ code: notice.data.code, signal: null, lastLines: notice.data.lastLines })
    } else if (ports[0] !== undefined) companion?.started(ports[0])
  })
  return (entry) =>
    new Promise((resolve, reject) => {
      const id = (last += 1)
      const exited = new Promise<CompanionExit>((end) => {
        const started = (port: ElectronPort): void => {
          resolve({
            send: (message) => port.postMessage(message),
            onMessage: (listener) => {
              const take = ({ data }: ElectronMessage): void => listener(data)
              port.on('message', take)
              port.start()
              return () => port.off('message', take)
            },
            exited,
            kill: () => ask({ kind: 'companion.kill', id }),
          })
        }
        awaited.set(id, { started, exited: end })
      })
      void exited.then(({ code, lastLines }) => {
        // Nothing happens when it had been started: the promise is settled then.
        reject(
          new AppError(
            'companion.failed',
            `The process of ${entry} could not be started (exit code ${String(code)}). ${lastLines.at(-1) ?? ''}`.trim(),
          ),
        )
      })
      ask({ kind: 'companion.start', id, entry })
    })
}
