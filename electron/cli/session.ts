import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../shared/errors'
import { apiUrlOf, parseApiUrl } from '../client/api-url'
import { credentialFromEnvironment } from '../client/credentials'
import type { Credential } from '../client/credentials'
import type { Client } from '../client/http-client'
import type { ParsedFlags } from '../config/parsed-flags'
import { readText } from '../config/read-config-file'
import type { ResolvedConfig } from '../config/resolve-config'
import { resolveConfig } from '../config/resolve-config'
import type { CliIo } from './io'
import { styled, wantsStyle } from './output/style'

/** One run of a command: its surroundings, the flags that stand for configuration, and what is made of them when asked. */
export interface Session {
  readonly io: CliIo
  readonly flags: ParsedFlags
  /** Reads the configuration once; its notices go to standard error. */
  config(): Promise<ResolvedConfig>
  /** Where commands find the API: as the configuration says, else the profile, else this machine. */
  api(): Promise<ApiPlace>
  /** A client of that API, for the length of `use`. */
  withClient<Value>(use: (client: Client) => Promise<Value>, options?: { readonly timeoutMs?: number }): Promise<Value>
}

/**
 * Reads and connects to nothing before something asks for it.
 * @param profile of `--profile`; that of the environment, else the selected one, when left out.
 */
export function createSession(io: CliIo, flags: ParsedFlags, profile?: string): Session {
  let resolved: Promise<ResolvedConfig> | undefined
  const config = (): Promise<ResolvedConfig> => (resolved ??= readConfig(io, flags))
  const api = async (): Promise<ApiPlace> => apiOf(await config(), profile ?? (io.env['SHOAL_PROFILE'] || io.env['BACALHAU_PROFILE']))
  return {
    io,
    flags,
    config,
    api,
    withClient: async (use, options = {}) => {
      const { createClient } = await import('../client/http-client')
      const target = await api()
      const credential = credentialFromEnvironment(io.env) ?? target.credential
      const client = createClient({ ...target, ...options, ...(credential === undefined ? {} : { credential }) })
      try {
        return await use(client)
      } finally {
        client.close()
      }
    },
  }
}

async function readConfig(io: CliIo, flags: ParsedFlags): Promise<ResolvedConfig> {
  const found = await resolveConfig({ flags, env: io.env, cwd: io.cwd, homeDir: io.homeDir })
  for (const notice of found.notices) io.stderr.write(`${styled('Note: ', 'yellow', wantsStyle(io.stderr, io.env))} ${notice}\n`)
  return found
}

/** Where an API is, and what is shown there. */
export interface ApiPlace {
  readonly baseUrl: string
  readonly ca?: string
  readonly insecure?: boolean
  readonly credential?: Credential
}

/**
 * Where the API is: as the configuration says, else the profile, else this machine. `API.Host` counts only where somebody set it: its default is where
 * a node listens.
 */
async function apiOf({ config, isExplicit, dataDir }: ResolvedConfig, profile: string | undefined): Promise<ApiPlace> {
  if (!isExplicit('API.Host') && !isExplicit('API.Port')) {
    const place = await profilePlace(dataDir, profile)
    if (place !== undefined) return place
  }
  const { Host, Port, TLS } = config.API
  const baseUrl = apiUrlOf({ port: Port, useTls: TLS.UseTLS, ...(isExplicit('API.Host') ? { host: Host } : {}) })
  const ca = TLS.CAFile === '' ? undefined : await readText(TLS.CAFile)
  if (TLS.CAFile !== '' && ca === undefined)
    throw new AppError('config.no-file', `API.TLS.CAFile names ${TLS.CAFile}, which does not exist.`, { hint: 'Check the path.' })
  return { baseUrl, ...(ca === undefined ? {} : { ca }), ...(TLS.Insecure ? { insecure: true } : {}) }
}

/** Where the named profile leads to, else the selected one; undefined where there is neither. Throws `profile.*`. */
async function profilePlace(dataDir: string, named: string | undefined): Promise<ApiPlace | undefined> {
  if (named === undefined && !existsSync(join(dataDir, 'profiles', 'current'))) return undefined
  const { createProfileStore } = await import('./profiles/profile-store')
  const store = createProfileStore(dataDir)
  const name = named ?? (await store.current())
  if (name === undefined) return undefined
  const { endpoint, auth, tls } = await store.read(name)
  const token = auth?.token ?? ''
  return {
    baseUrl: parseApiUrl(endpoint),
    ...(tls?.insecure === true ? { insecure: true } : {}),
    ...(token === '' ? {} : { credential: { scheme: 'Bearer', value: token } }),
  }
}

/** The file that `config set` changes when none is named. */
export function ownConfigFile(dataDir: string): string {
  return join(dataDir, 'config.yaml')
}
