import { networkInterfaces } from 'node:os'
import { AppError } from '../../../shared/errors'
import { accessOf, tokenEffect, type AccessParts } from '../clusters/access-view'
import { CLEARED_AFTER_MS } from '../window/clipboard-guard'
import { clusterOf } from '../clusters/cluster-member'
import { withToken } from '../clusters/join-commands'
import type { HandlerContext, HandlersOf } from './handler-context'

/** Tokens and refusals of a cluster. A token crosses to the window only when it is asked for by `access.reveal`. */
export function accessHandlers({ clusters, clipboard, tokensMade }: HandlerContext): HandlersOf<'access'> {
  const partsOf = async (clusterId: string): Promise<AccessParts> => {
    const token = await clusters.local(clusterId).token()
    const member = clusters.member(clusterId)
    const rows = member.kind === 'local' ? (member.connection?.mirror.rows() ?? []) : []
    return { cluster: clusterOf(member), token, rows, interfaces: networkInterfaces() }
  }
  return {
    'access.get': async ({ clusterId }) => accessOf(await partsOf(clusterId)),
    'access.reveal': async ({ clusterId }) => ({ token: (await clusters.local(clusterId).token()).token }),
    'access.generate': () => ({ token: tokensMade.generate() }),
    'access.weigh': async ({ clusterId, token }) => tokenEffect(await partsOf(clusterId), token, tokensMade.isOurs(token)),
    'access.setToken': async ({ clusterId, token }) => {
      await clusters.local(clusterId).setToken(token, tokensMade.isOurs(token))
      return accessOf(await partsOf(clusterId))
    },
    'access.copy': async ({ clusterId, what }) => {
      const parts = await partsOf(clusterId)
      if (what.kind === 'token') await clipboard.copySecret(parts.token.token)
      else {
        const command = accessOf(parts).commands[what.index]
        if (command === undefined) throw new AppError('access.no-command', 'The commands have changed meanwhile.', { hint: 'Copy again.' })
        await clipboard.copySecret(withToken(command.command, parts.token.token))
      }
      return { clearedAfterMs: CLEARED_AFTER_MS }
    },
  }
}
