import { findNatsServer as findAmong, type NatsBinary } from '../nats/binary'
import { hostPaths } from '../node/host-paths'

/**
 * The nats-server that hosts started from `bundle` (the folder of the built program) would use. Rejects with why there is none that will
 * do, and what to do about it.
 */
export function findNatsServer(bundle: string, env: Readonly<Record<string, string | undefined>>): Promise<NatsBinary> {
  const { natsServerCandidates } = hostPaths(bundle, { platform: process.platform, binFolder: env['SHOAL_BIN'] })
  return findAmong({ candidates: natsServerCandidates, path: env['PATH'] ?? '' })
}
