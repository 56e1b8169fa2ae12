import type { Bridge } from '../shared/bridge'
import { fromFailure } from '../shared/errors'
import type { CommandInput, CommandName, CommandOutput, EventName, Events } from '../shared/ipc'

declare global {
  interface Window {
    readonly shoal: Bridge
  }
}

/** Asks main. Rejects with an AppError when the request cannot be met. */
export async function call<Name extends CommandName>(
  name: Name,
  ...input: CommandInput<Name> extends undefined ? [] : [CommandInput<Name>]
): Promise<CommandOutput<Name>> {
  const answer = await window.shoal.call(name, input[0])
  if (!answer.ok) throw fromFailure(answer.failure)
  return answer.value as CommandOutput<Name>
}

type Listeners = { [Name in EventName]: Set<(payload: Events[Name]) => void> }
const listeners: Listeners = {
  'clusters.changed': new Set(),
  'nodes.changed': new Set(),
  'logs.appended': new Set(),
  'app.changed': new Set(),
  'app.closeAsked': new Set(),
}
let listening = false

function isEventName(name: string): name is EventName {
  return Object.hasOwn(listeners, name)
}

function deliver<Name extends EventName>(name: Name, payload: unknown): void {
  for (const listener of listeners[name]) listener(payload as Events[Name])
}

/** Calls back for every event of that name, until the returned function is called. */
export function subscribe<Name extends EventName>(name: Name, listener: (payload: Events[Name]) => void): () => void {
  if (!listening) {
    listening = true
    window.shoal.listen((told, payload) => {
      if (isEventName(told)) deliver(told, typeof payload === 'string' ? JSON.parse(payload) : payload)
    })
  }
  listeners[name].add(listener)
  return () => {
    listeners[name].delete(listener)
  }
}
