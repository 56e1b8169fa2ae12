import { AppError } from '../../../shared/errors'

type NameProvider = 'puuid' | 'uuid' | 'hostname' | 'aws' | 'gcp'

interface NodeIdRequest {
  /** What the data directory already holds. */
  readonly stored: string | undefined
  /** `--name`. */
  readonly asked: string | undefined
  readonly provider: NameProvider
  readonly sources: NameSources
}

/** Where names come from; arguments, so that a test can be the cloud. */
export interface NameSources {
  readonly uuid: () => string
  readonly hostname: () => string
  /** Asks a cloud's metadata service for the instance's id. */
  readonly instanceId: (cloud: 'aws' | 'gcp') => Promise<string>
}

interface NodeId {
  readonly nodeId: string
  /** Whether it has to be stored: it is new. */
  readonly isNew: boolean
  readonly notice?: string
}

/** What NATS subjects, Bacalhau's node table (a key-value bucket), file names and URLs all take as they are. */
const usable = /^[A-Za-z0-9_=-]+$/
const MAX_LENGTH = 128

/**
 * The id of a node, by Bacalhau's rules: the stored one for ever (another `--name` is then only a notice); for a new node
 * `--name`, else the `NameProvider`. An id that cannot be used is refused before anybody stores it.
 * @throws AppError `node-id.invalid`, `node-id.unavailable`
 */
export async function chooseNodeId({ stored, asked, provider, sources }: NodeIdRequest): Promise<NodeId> {
  if (stored !== undefined) {
    const notice =
      asked === undefined || asked === stored ? {} : { notice: `--name ${asked} is ignored: this data directory belongs to the node ${stored}.` }
    return { nodeId: checked(stored, 'The id in the data directory'), isNew: false, ...notice }
  }
  if (asked !== undefined) return { nodeId: checked(asked, '--name'), isNew: true }
  return { nodeId: checked(await provided(provider, sources), `The name from NameProvider ${provider}`), isNew: true }
}

/** Why a text cannot be a node's id; undefined when it can. */
export function nodeIdProblem(text: string): string | undefined {
  if (text === '') return 'it is empty'
  if (text.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`
  return usable.test(text) ? undefined : 'only letters, digits, "-", "_" and "=" can stand in it'
}

function checked(text: string, what: string): string {
  const problem = nodeIdProblem(text)
  if (problem === undefined) return text
  throw new AppError('node-id.invalid', `${what} cannot be a node's id: "${text}" – ${problem}. NATS subjects are made of it.`, {
    hint: `Choose another one, such as ${suggestion(text)}, with --name.`,
  })
}

function suggestion(text: string): string {
  const cleaned = text
    .replace(/[^A-Za-z0-9_=-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
  return cleaned === '' ? 'node-1' : cleaned
}

async function provided(provider: NameProvider, { uuid, hostname, instanceId }: NameSources): Promise<string> {
  switch (provider) {
    case 'puuid':
      return `n-${uuid()}`
    case 'uuid':
      return uuid()
    case 'hostname':
      return hostname().replaceAll('.', '-')
    case 'aws':
    case 'gcp':
      return (await instanceId(provider)).trim()
  }
}
