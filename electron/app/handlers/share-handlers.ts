import { networkInterfaces } from 'node:os'
import { networkChoices } from '../../local/joining/listen-address'
import type { HandlerContext, HandlersOf } from './handler-context'

/** Sharing of a local cluster with other machines, and the end of it. */
export function shareHandlers({ clusters, tokensMade }: HandlerContext): HandlersOf<'share'> {
  return {
    'share.preview': async ({ clusterId }) => {
      const cluster = clusters.local(clusterId)
      const { reach, apiUrl } = cluster.view
      return {
        choices: networkChoices(networkInterfaces()),
        current: { host: reach?.host ?? '127.0.0.1', shared: reach?.shared ?? false },
        natsPort: reach?.port ?? 4222,
        apiPort: apiUrl === undefined ? 1234 : Number(new URL(apiUrl).port),
        hasToken: (await cluster.token()).token !== '',
      }
    },
    'share.apply': ({ clusterId, address, token }) =>
      clusters.local(clusterId).share(address, token === undefined ? undefined : { token, generated: tokensMade.isOurs(token) }),
    'share.undo': ({ clusterId }) => clusters.local(clusterId).unshare(),
  }
}
