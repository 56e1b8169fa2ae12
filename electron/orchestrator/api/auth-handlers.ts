import { createHash, createHmac, randomBytes } from 'node:crypto'
import { messageOf } from '../../../shared/errors'
import { ApiError, malformed, unknownRoute } from '../../http/reply/api-error'
import type { HandlersFor } from '../../http/route-handlers'

/** The name under which Bacalhau's default method stands on the wire. */
const method = 'clientkey'

/**
 * Signing in to an API that is open to everybody who reaches it. Bacalhau's command line signs a challenge with its own key before its
 * first command and wants a token for it; any signature passes, and the token opens nothing that is not open.
 */
export function authHandlers(nodeId: string): HandlersFor<'authMethods' | 'authMethod' | 'authenticate'> {
  const key = randomBytes(32)
  const challenge = { type: 'challenge', params: { InputPhrase: Buffer.from(nodeId).toString('base64') } }
  return {
    authMethods: () => ({ NextToken: '', Methods: { [method]: challenge } }),
    authMethod: ({ params }) => {
      if (params.method !== method) throw unknownRoute()
      return challenge
    },
    authenticate: ({ params, body }) => {
      if (params.method !== method) throw unknownRoute()
      const publicKey = readPublicKey(body.MethodData)
      return { Authentication: { success: true, token: signToken(key, nodeId, publicKey) } }
    },
  }
}

function readPublicKey(methodData: string): string {
  try {
    const answer: unknown = JSON.parse(Buffer.from(methodData, 'base64').toString('utf8'))
    const publicKey = answer !== null && typeof answer === 'object' && 'PublicKey' in answer ? answer.PublicKey : undefined
    if (typeof publicKey === 'string') return publicKey
  } catch (error) {
    throw malformed(`The answer to the challenge cannot be read: ${messageOf(error)}`)
  }
  throw new ApiError('BadRequest', 'The answer to the challenge holds no public key.', {
    hint: 'Send MethodData as base64 of {"PhraseSignature":…,"PublicKey":…}.',
  })
}

/** A JSON web token for whoever holds a key: who, by whom, since when. */
function signToken(key: Buffer, nodeId: string, publicKey: string): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const subject = createHash('sha256').update(publicKey).digest('hex')
  const unsigned = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ iss: nodeId, aud: [nodeId], sub: subject, iat: Math.floor(Date.now() / 1000) })}`
  return `${unsigned}.${createHmac('sha256', key).update(unsigned).digest('base64url')}`
}
