import { constants, generateKeyPair, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { AppError } from '../../shared/errors'

/** The two questions of a sign-in, as a client asks them. */
export interface SignInDoor {
  readonly baseUrl: string
  /** Ways to sign in, by name. */
  readonly methods: () => Promise<Readonly<Record<string, unknown>>>
  readonly answer: (method: string, data: string) => Promise<{ readonly success: boolean; readonly token?: string | undefined }>
}

/**
 * Passes the challenge that an orchestrator with a policy asks of every client: its phrase, signed with a key made for the occasion.
 * Resolves with the bearer token. Throws `client.sign-in` when the server wants something else.
 */
export async function signIn(door: SignInDoor): Promise<string> {
  const found = Object.entries(await door.methods()).find(([, method]) => isChallenge(method))
  const phrase = found === undefined ? undefined : phraseOf(found[1])
  if (found === undefined || phrase === undefined) {
    throw new AppError('client.sign-in', `${door.baseUrl} wants a sign-in that needs a key or a password.`, {
      hint: 'Set BACALHAU_API_KEY, or BACALHAU_API_USERNAME and BACALHAU_API_PASSWORD.',
    })
  }
  const [name] = found
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const signature = sign('sha256', Buffer.from(phrase, 'base64'), { key: privateKey, padding: constants.RSA_PKCS1_PADDING })
  const data = {
    PhraseSignature: signature.toString('base64'),
    PublicKey: publicKey.export({ type: 'pkcs1', format: 'der' }).toString('base64'),
  }
  const { success, token } = await door.answer(name, Buffer.from(JSON.stringify(data)).toString('base64'))
  if (!success || token === undefined || token === '')
    throw new AppError('client.sign-in', `${door.baseUrl} did not accept the sign-in.`, {
      hint: 'Ask whoever runs it for an API key, and set BACALHAU_API_KEY.',
    })
  return token
}

function isChallenge(method: unknown): boolean {
  return typeof method === 'object' && method !== null && 'type' in method && method.type === 'challenge'
}

function phraseOf(method: unknown): string | undefined {
  const params = typeof method === 'object' && method !== null && 'params' in method ? method.params : undefined
  const phrase = typeof params === 'object' && params !== null && 'InputPhrase' in params ? params.InputPhrase : undefined
  return typeof phrase === 'string' ? phrase : undefined
}
