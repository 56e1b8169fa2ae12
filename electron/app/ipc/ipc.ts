import { BrowserWindow, ipcMain, type WebFrameMain } from 'electron'
import { commandChannel, eventChannel, type Answer } from '../../../shared/bridge'
import { AppError, toFailure } from '../../../shared/errors'
import type { EventName, Events } from '../../../shared/ipc'
import { isAppUrl } from '../page/app-origin'
import { createPendingEvents, FRAME_MS } from './event-batch'
import { forWindow } from './window-hint'

/** Tells every open window; at most one message a frame each, the first of a quiet time at once. */
export type Publish = <Name extends EventName>(name: Name, payload: Events[Name]) => void

/** Answers one command by name, its input unchecked; rejects with what stands in its way. */
export type AnswerCommand = (name: unknown, input: unknown) => Promise<unknown>

/**
 * Serves the window's commands: only to the main frame of a page of ours, and always with an answer, a refusal too. What answers may
 * still be loading when the first command comes.
 */
export function serveCommands(answer: () => Promise<AnswerCommand>): void {
  ipcMain.handle(commandChannel, async (event, name: unknown, input: unknown): Promise<Answer<unknown>> => {
    try {
      if (!isOurPage(event.senderFrame)) throw new AppError('ipc.refused', 'Only the window of this app may ask for this.')
      return { ok: true, value: await (await answer())(name, input) }
    } catch (error) {
      return { ok: false, failure: forWindow(toFailure(error)) }
    }
  })
}

/** A frame that is gone, a frame within a page, or a page from anywhere else is not ours. */
function isOurPage(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && isAppUrl(frame.url)
}

/** Events to all windows, in batches. */
export function createPublisher(): Publish {
  const pending = createPendingEvents()
  let timer: NodeJS.Timeout | undefined
  const flush = (): void => {
    timer = undefined
    if (pending.empty) return
    const batch = pending.take()
    for (const window of BrowserWindow.getAllWindows()) {
      if (!window.isDestroyed() && isAppUrl(window.webContents.getURL())) window.webContents.send(eventChannel, batch)
    }
    timer = setTimeout(flush, FRAME_MS)
  }
  return (name, payload) => {
    pending.add(name, payload)
    // The first of a quiet time leaves at the end of this turn, with all that the same turn adds.
    timer ??= setTimeout(flush, 0)
  }
}
