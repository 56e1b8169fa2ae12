import { AppError } from '../../../shared/errors'
import { tokenStrength } from '../../../shared/token'

/**
 * A cluster that others can reach stands open to whoever guesses its token. Throws `token.empty` or `token.weak` with the reason.
 */
export function refuseWeakToken(token: string): void {
  const { verdict, reason } = tokenStrength(token)
  if (verdict === 'empty') {
    throw new AppError('token.empty', 'A cluster that other machines can reach needs a token: without one anybody on the network could join it.', {
      hint: 'Generate a token.',
    })
  }
  if (verdict === 'weak')
    throw new AppError('token.weak', `This token is too weak for a cluster that other machines can reach: ${reason}`, { hint: 'Generate a token.' })
}
