import { join } from 'node:path'
import { AppError } from '../../shared/errors'
import { apiUrlOf } from '../client/api-url'
import { credentialFromEnvironment } from '../client/credentials'
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
  /** A client of the API that the configuration names, for the length of `use`. */
  withClient<Value>(use: (client: Client) => Promise<Value>, options?: { readonly timeoutMs?: number }): Promise<Value>
}

/** Reads and connects to nothing before something asks for it. */
export function createSession(io: CliIo, flags: ParsedFlags): Session {
  let resolved: Promise<ResolvedConfig> | undefined
  const config = (): Promise<ResolvedConfig> => (resolved ??= readConfig(io, flags))
  return {
    io,
    flags,
    config,
    withClient: async (use, options = {}) => {
      const { createClient } = await import('../client/http-client')
      const { baseUrl, ...tls } = await apiOf(await config())
      const credential = credentialFromEnvironment(io.env)
      const client = createClient({ baseUrl, ...tls, ...options, ...(credential === undefined ? {} : { credential }) })
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

/** Where the API is. `API.Host` counts only where somebody set it: its default is where a node listens. */
async function apiOf({
  config,
  isExplicit,
}: ResolvedConfig): Promise<{ readonly baseUrl: string; readonly ca?: string; readonly insecure?: boolean }> {
  const { Host, Port, TLS } = config.API
  const baseUrl = apiUrlOf({ port: Port, useTls: TLS.UseTLS, ...(isExplicit('API.Host') ? { host: Host } : {}) })
  const ca = TLS.CAFile === '' ? undefined : await readText(TLS.CAFile)
  if (TLS.CAFile !== '' && ca === undefined)
    throw new AppError('config.no-file', `API.TLS.CAFile names ${TLS.CAFile}, which does not exist.`, { hint: 'Check the path.' })
  return { baseUrl, ...(ca === undefined ? {} : { ca }), ...(TLS.Insecure ? { insecure: true } : {}) }
}

/** The file that `config set` changes when none is named. */
export function ownConfigFile(dataDir: string): string {
  return join(dataDir, 'config.yaml')
}
