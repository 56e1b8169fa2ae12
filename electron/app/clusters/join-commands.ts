import { hostPort } from '../../../shared/address'
import type { Access } from '../../../shared/cluster'

type JoinCommand = Access['commands'][number]

/** Stands in a shown command where the token goes. */
const TOKEN_PLACE = 'TOKEN'

/**
 * What to type on another machine so that it joins, for Shoal and for Bacalhau: the token goes into that machine's own file, where it
 * is not seen in its list of processes.
 */
export function joinCommands(reach: { readonly host: string; readonly port: number }, hasToken: boolean): readonly JoinCommand[] {
  const orchestrator = `nats://${hostPort(reach)}`
  return (['Shoal', 'Bacalhau'] as const).map((product) => {
    const program = product.toLowerCase()
    const join = `${program} serve --compute -c Compute.Orchestrators=${orchestrator}`
    return { product, title: `Join with ${product}`, command: hasToken ? `${program} config set Compute.Auth.Token=${TOKEN_PLACE}\n${join}` : join }
  })
}

/** A shown command with the token in its place, quoted for a POSIX shell where it must be. */
export function withToken(command: string, token: string): string {
  return command.replace(TOKEN_PLACE, () => quoted(token))
}

function quoted(token: string): string {
  return /^[\w./:=@%+,-]+$/.test(token) ? token : `'${token.replaceAll("'", `'\\''`)}'`
}
