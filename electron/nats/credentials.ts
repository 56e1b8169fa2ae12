import { randomBytes } from 'node:crypto'

/** A user of the embedded server; its password is random and never leaves this machine. */
export interface Login {
  readonly user: string
  readonly password: string
}

/** The logins of the embedded server that no node ever sees; new ones for every orchestrator process. */
export interface ServerCredentials {
  /** Account SYS: events and facts of the server. */
  readonly system: Login
  /** Account STATE: the ledger, with JetStream. */
  readonly state: Login
  /** Account NODES, without limits: the orchestrator itself and its gate. */
  readonly orchestrator: Login
}

/** Names of the accounts, as they stand in events. */
export const accounts = { system: 'SYS', state: 'STATE', nodes: 'NODES' } as const

/** One login for each account, new at every start. */
export function newCredentials(): ServerCredentials {
  return { system: newLogin('system'), state: newLogin('state'), orchestrator: newLogin('orchestrator') }
}

/** All of them, for what is done to each. */
export function loginsOf({ system, state, orchestrator }: ServerCredentials): readonly Login[] {
  return [system, state, orchestrator]
}

function newLogin(user: string): Login {
  return { user, password: randomBytes(32).toString('base64url') }
}
