import type { Client } from '../../client/http-client'
import type { OutputFlags } from '../output/format'
import { printObject } from '../output/format'
import type { Session } from '../session'

/** `shoal agent alive` and `agent node`: what the node answers, as it came. */
export async function showAgent(session: Session, route: 'agentAlive' | 'agentNode', flags: OutputFlags): Promise<void> {
  const { raw } = await session.withClient((client: Client) => client.ask(route))
  await printObject(session.io, flags, raw)
}

/** `shoal agent config`: the node's effective configuration, which is long: always on several lines. */
export async function showAgentConfig(session: Session, flags: OutputFlags): Promise<void> {
  const { raw } = await session.withClient((client) => client.ask('agentConfig'))
  const config = typeof raw === 'object' && raw !== null && 'config' in raw ? raw.config : raw
  await printObject(session.io, { ...flags, pretty: true }, config)
}

/** `shoal agent version`: three lines, or the whole as JSON or YAML. */
export async function showAgentVersion(session: Session, flags: Partial<OutputFlags>): Promise<void> {
  const { value, raw } = await session.withClient((client) => client.ask('agentVersion'))
  if (flags.output !== undefined) {
    await printObject(session.io, { ...flags, output: flags.output }, raw)
    return
  }
  session.io.stdout.write(`Bacalhau ${value.GitVersion ?? ''}\nBuildDate ${plainTime(value.BuildDate ?? '')}\nGitCommit ${value.GitCommit ?? ''}\n`)
}

/** `2026-01-02T03:04:05Z` as Go prints times: `2026-01-02 03:04:05 +0000 UTC`. */
function plainTime(time: string): string {
  return time.replace(/^(\d{4}-\d\d-\d\d)T([\d:.]+)Z$/, '$1 $2 +0000 UTC')
}
