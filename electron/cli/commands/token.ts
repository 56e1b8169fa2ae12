import { generateToken } from '../../access/tokens'
import type { Session } from '../session'

/** `shoal token generate`: the token alone on standard output, so that it can be taken over by a script. */
export function printNewToken(session: Session): void {
  session.io.stdout.write(`${generateToken()}\n`)
  if (session.io.stdout.isTerminal) {
    session.io.stderr.write(
      'Set it at the orchestrator with `shoal config set Orchestrator.Auth.Token=TOKEN`, and at each node with `shoal config set Compute.Auth.Token=TOKEN`.\n',
    )
  }
}
