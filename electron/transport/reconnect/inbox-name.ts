import { randomBytes } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** A reply subject prefix of 22 random characters under `_INBOX.`, as NATS clients make them (nodes may subscribe nothing else there). */
export function inboxName(): string {
  let name = ''
  for (const byte of randomBytes(22)) name += alphabet.charAt(byte % alphabet.length)
  return `_INBOX.${name}`
}
