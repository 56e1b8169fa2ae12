import { exactSpan, remaining, roughSpan, span } from '../../i18n/duration'
import { t } from '../../i18n/i18n'
import type { NodeStatus } from './node-status'

/** The state of a node in words, with its age at `now`. */
export function statusText({ word, since, until }: NodeStatus, now: number): string {
  const age = since === undefined ? undefined : now - since
  const next = until === undefined ? undefined : remaining(until - now)
  switch (word) {
    case 'connected':
    case 'pending':
    case 'rejected':
    case 'conflict':
    case 'noSocket':
    case 'unknown':
      return t(`status.node.${word}`)
    case 'socketLost':
      return t('status.node.socketLost', { age: span(age ?? 0) })
    case 'reconnecting':
      return t('status.node.reconnecting', { age: span(age ?? 0) })
    case 'disconnected':
      return age === undefined ? t('status.node.disconnected') : t('status.node.disconnectedFor', { age: roughSpan(age) })
    case 'stopped':
      return age === undefined ? t('status.node.stopped') : t('status.node.stoppedFor', { age: roughSpan(age) })
    case 'starting':
    case 'joining':
    case 'stopping':
      return age === undefined ? t(`status.node.${word}`) : t(`status.node.${word}For`, { age: exactSpan(age) })
    case 'crashed':
      if (next !== undefined) return t('status.node.crashedNext', { next })
      return age === undefined ? t('status.node.crashed') : t('status.node.crashedFor', { age: span(age) })
    case 'refused':
      return next === undefined ? t('status.node.refused') : t('status.node.refusedNext', { next })
  }
}
