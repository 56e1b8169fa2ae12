import type { z } from 'zod'
import { BACALHAU_COMPATIBLE } from '../../shared/bacalhau-version'
import { AppError } from '../../shared/errors'
import { routes } from '../../shared/http/routes'
import { readJson } from '../../shared/read-json'
import { errorOfAnswer } from './answer-error'
import { explainConnectionError } from './connection-error'
import type { Credential } from './credentials'
import { createTransport, readText, send } from './http-request'
import type { Answer, TlsTrust } from './http-request'
import type { SignInDoor } from './sign-in'
import { signIn } from './sign-in'

type Routes = typeof routes
type RouteName = keyof Routes
/** Routes that answer with JSON. */
type JsonRouteName = { [Name in RouteName]: Routes[Name]['answer'] extends { readonly kind: 'json' } ? Name : never }[RouteName]
/** Routes that answer with JSON frames over a WebSocket. */
type FrameRouteName = { [Name in RouteName]: Routes[Name]['answer'] extends { readonly kind: 'websocket' } ? Name : never }[RouteName]

/** What a route answers, or one frame of it, checked. */
export type Output<Name extends JsonRouteName | FrameRouteName> = Routes[Name]['answer'] extends { readonly schema: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : never

type QueryOf<Name extends RouteName> = Routes[Name] extends { readonly query: infer Schema extends z.ZodType }
  ? { readonly query?: z.input<Schema> }
  : { readonly query?: never }
type BodyOf<Name extends RouteName> = Routes[Name] extends { readonly body: infer Schema extends z.ZodType }
  ? { readonly body: z.input<Schema> }
  : { readonly body?: never }
type ParamsOf<Path extends string> = Path extends `${string}:${infer Param}/${infer Rest}`
  ? Param | ParamsOf<Rest>
  : Path extends `${string}:${infer Param}`
    ? Param
    : never
type PathOf<Name extends RouteName> = [ParamsOf<Routes[Name]['path']>] extends [never]
  ? { readonly params?: never }
  : { readonly params: Readonly<Record<ParamsOf<Routes[Name]['path']>, string>> }

interface CallOptions {
  readonly signal?: AbortSignal
  /** Milliseconds; the client's own limit when left out. */
  readonly timeoutMs?: number
}
type Input<Name extends RouteName> = QueryOf<Name> & BodyOf<Name> & PathOf<Name> & CallOptions
type Rest<Name extends RouteName> = object extends Input<Name> ? [input?: Input<Name>] : [input: Input<Name>]

interface ClientOptions extends TlsTrust {
  /** `http://host:port`, no slash at the end. */
  readonly baseUrl: string
  readonly headers?: Readonly<Record<string, string>>
  readonly credential?: Credential
  /** Milliseconds for a whole answer; 30,000 when left out. */
  readonly timeoutMs?: number
}

/** A typed client of one API. Errors are AppErrors: the server's own, or `client.*` that name the address, the cause and the next step. */
export interface Client {
  readonly baseUrl: string
  /** One request by the name of its route, its answer checked. */
  readonly call: <Name extends JsonRouteName>(name: Name, ...rest: Rest<Name>) => Promise<Output<Name>>
  /** As `call`, with the answer also as it came: for showing, key order and all. */
  readonly ask: <Name extends JsonRouteName>(name: Name, ...rest: Rest<Name>) => Promise<{ readonly value: Output<Name>; readonly raw: unknown }>
  /** Opens a stream of server-sent events. Resolves with the open answer; the reader ends it by `signal`. */
  readonly openStream: (path: string, options: CallOptions & { readonly headers?: Readonly<Record<string, string>> }) => Promise<Answer>
  /** Opens a stream of frames. Resolves when the server has taken the connection over; the frames end in order, or throw. */
  readonly openFrames: <Name extends FrameRouteName>(name: Name, ...rest: Rest<Name>) => Promise<AsyncIterable<Output<Name>>>
  /** Ends kept connections. */
  readonly close: () => void
}

interface Parts {
  readonly method: string
  readonly path: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

const DEFAULT_TIMEOUT = 30_000
const MOST_REDIRECTS = 5

/** Connects with the first call. Without a `credential`, a 401 makes it sign in once and ask again. */
export function createClient(options: ClientOptions): Client {
  const { baseUrl, timeoutMs = DEFAULT_TIMEOUT } = options
  const transport = createTransport(baseUrl, options)
  let credential = options.credential
  let signingIn: Promise<string> | undefined

  const ownHeaders = (): Record<string, string> => ({
    'X-Bacalhau-Git-Version': BACALHAU_COMPATIBLE.GitVersion,
    ...options.headers,
    ...(credential === undefined ? {} : { Authorization: `${credential.scheme} ${credential.value}` }),
  })

  async function request(parts: Parts, call: CallOptions, redirects = 0): Promise<Answer> {
    const headers = { ...ownHeaders(), ...parts.headers }
    try {
      const answer = await send(transport, {
        ...parts,
        headers,
        timeoutMs: call.timeoutMs ?? timeoutMs,
        ...(call.signal === undefined ? {} : { signal: call.signal }),
      })
      const target = answer.headers.location
      if (![301, 302, 307, 308].includes(answer.status) || target === undefined || redirects >= MOST_REDIRECTS) return answer
      const url = URL.canParse(target, baseUrl) ? new URL(target, baseUrl) : undefined
      if (url === undefined || url.origin !== new URL(baseUrl).origin) return answer
      answer.stream.resume()
      return await request({ ...parts, path: url.pathname + url.search }, call, redirects + 1)
    } catch (error) {
      throw explainConnectionError(error, baseUrl, parts.body === undefined ? 0 : Buffer.byteLength(parts.body))
    }
  }

  /** An orchestrator with a policy answers 401 to strangers: one sign-in, then the same request again. */
  async function requestSignedIn(parts: Parts, call: CallOptions): Promise<Answer> {
    const answer = await request(parts, call)
    if (answer.status !== 401 || credential !== undefined || parts.path.startsWith('/api/v1/auth')) return answer
    answer.stream.resume()
    await enter()
    return request(parts, call)
  }

  async function enter(): Promise<void> {
    signingIn ??= signIn(door).finally(() => (signingIn = undefined))
    credential = { scheme: 'Bearer', value: await signingIn }
  }

  async function openSignedIn(open: () => Promise<AsyncIterable<unknown>>, path: string): Promise<AsyncIterable<unknown>> {
    const { UpgradeRefused } = await import('./json-frames')
    try {
      return await open()
    } catch (error) {
      if (!(error instanceof UpgradeRefused)) throw explainConnectionError(error, baseUrl)
      if (error.status !== 401 || credential !== undefined)
        throw errorOfAnswer({ status: error.status, text: error.text, baseUrl, route: `GET ${path}` })
      await enter()
      return open()
    }
  }

  const door: SignInDoor = {
    baseUrl,
    methods: async () => (await client.call('authMethods')).Methods,
    answer: async (method, data) =>
      (await client.call('authenticate', { params: { method }, body: { Name: method, MethodData: data } })).Authentication,
  }
  const client: Client = {
    baseUrl,
    call: async (name, ...rest) => (await client.ask(name, ...rest)).value,
    ask: async (name, ...[input]) => {
      const parts = partsOf(name, input ?? {})
      const answer = await requestSignedIn(parts, input ?? {})
      const text = await readText(answer, input?.timeoutMs ?? timeoutMs).catch((error: unknown) => {
        throw explainConnectionError(error, baseUrl)
      })
      const route = `${parts.method} ${parts.path}`
      if (answer.status !== 200) throw errorOfAnswer({ status: answer.status, text, baseUrl, route })
      return checkAnswer(name, text, baseUrl, route)
    },
    openStream: async (path, { headers, ...call }) => {
      const answer = await requestSignedIn({ method: 'GET', path, headers: { Accept: 'text/event-stream', ...headers } }, call)
      if (answer.status === 200) return answer
      throw errorOfAnswer({ status: answer.status, text: await readText(answer, timeoutMs), baseUrl, route: `GET ${path}` })
    },
    openFrames: async (name, ...[input]) => {
      const { path } = partsOf(name, input ?? {})
      const open = async (): Promise<AsyncIterable<unknown>> =>
        (await import('./json-frames')).openJsonFrames({
          ...options,
          url: `${baseUrl.replace(/^http/, 'ws')}${path}`,
          headers: ownHeaders(),
          timeoutMs: input?.timeoutMs ?? timeoutMs,
          ...(input?.signal === undefined ? {} : { signal: input.signal }),
        })
      const frames = await openSignedIn(open, path)
      return checkFrames(frames, (frame) => checkValue(name, frame, baseUrl, `GET ${path}`))
    },
    close: () => transport.agent.destroy(),
  }
  return client
}

function partsOf(
  name: RouteName,
  input: { readonly params?: Readonly<Record<string, string>>; readonly query?: unknown; readonly body?: unknown },
): Parts {
  const { method, path } = routes[name]
  const filled = path.replace(/:([a-z]+)/gi, (_, param: string) => encodeURIComponent(input.params?.[param] ?? ''))
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(input.query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined && one !== '') query.append(key, String(one))
  }
  const text = query.toString()
  return { method, path: text === '' ? filled : `${filled}?${text}`, ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }) }
}

function checkAnswer<Name extends JsonRouteName>(
  name: Name,
  text: string,
  baseUrl: string,
  route: string,
): { readonly value: Output<Name>; readonly raw: unknown } {
  const raw = readJson(text)
  return { value: checkValue(name, raw, baseUrl, route), raw }
}

async function* checkFrames<Frame>(frames: AsyncIterable<unknown>, check: (frame: unknown) => Frame): AsyncIterable<Frame> {
  for await (const frame of frames) yield check(frame)
}

function checkValue<Name extends JsonRouteName | FrameRouteName>(name: Name, raw: unknown, baseUrl: string, route: string): Output<Name> {
  const { schema } = routes[name].answer
  const checked = schema.safeParse(raw)
  if (checked.success) return checked.data as Output<Name>
  const [issue] = checked.error.issues
  const where = issue === undefined || issue.path.length === 0 ? '' : ` (${issue.path.join('.')}: ${issue.message})`
  throw new AppError('client.unexpected-answer', `${baseUrl} answered ${route} with something else than expected${where}.`, {
    hint: 'Look whether the address is that of a Bacalhau or Shoal API, and how old it is.',
  })
}
