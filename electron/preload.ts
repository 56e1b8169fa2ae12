import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron'
import { commandChannel, eventChannel, type Bridge, type EventBatch } from '../shared/bridge'

/** Two functions and no list: a name outside the contract has no handler in main, and no event object reaches the page. */
const bridge: Bridge = {
  call: (name, input) => ipcRenderer.invoke(commandChannel, name, input),
  listen: (listener) => {
    const deliver = (_event: IpcRendererEvent, batch: EventBatch): void => {
      for (const [name, payload] of batch) listener(name, payload)
    }
    ipcRenderer.on(eventChannel, deliver)
    return () => {
      ipcRenderer.removeListener(eventChannel, deliver)
    }
  },
}

contextBridge.exposeInMainWorld('shoal', bridge)
