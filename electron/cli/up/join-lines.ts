import { hostPort } from '../../../shared/address'

interface JoinFacts {
  /** Where this machine is on networks; empty when it is on none. */
  readonly addresses: readonly string[]
  readonly reach: { readonly host: string; readonly port: number; readonly shared: boolean }
  readonly configFile: string
}

/**
 * What to type on another machine so that it joins. The token goes into that machine's own file, where its list of processes does
 * not show it; here it is only said how to see it.
 */
export function joinLines({ addresses, reach, configFile }: JoinFacts): readonly string[] {
  if (!reach.shared) return ['Open to this machine only. To let other machines join: shoal up without --local.']
  const all = ['0.0.0.0', '::'].includes(reach.host)
  const [host] = all ? addresses : [reach.host]
  if (host === undefined) return ['This machine has no network address now: no other machine can join.']
  const others = all ? addresses.slice(1) : []
  return [
    'To join from another machine:',
    '  shoal config set Compute.Auth.Token=TOKEN',
    `  shoal serve --compute -c Compute.Orchestrators=${hostPort({ host, port: reach.port })}`,
    ...(others.length === 0 ? [] : [`  (also at ${others.join(', ')})`]),
    `TOKEN is shown by: shoal config get Orchestrator.Auth.Token -c ${configFile}`,
  ]
}
