import { createPrivateKey, createPublicKey, randomBytes, sign, type KeyObject } from 'node:crypto'

/** First byte of an encoded key, chosen so that the text begins with the letter (nkeys: strkey.go). */
const prefixes = { account: 0, user: 20 << 3, server: 13 << 3 } as const
/** Whose key it is: the first letter of its text, `A…`, `U…` or `N…`. */
export type NkeyKind = keyof typeof prefixes

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
/** PKCS #8 around a raw Ed25519 seed (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')
const SEED_BYTES = 32

/** What signs the gate's answers: an account key of NATS, new for every orchestrator process. */
export interface Issuer {
  /** `A…`, as it stands in the server's configuration. */
  readonly publicKey: string
  /** 32 bytes; never leaves the process. */
  readonly seed: Uint8Array
}

/** From fresh randomness; kept nowhere. */
export function newIssuer(): Issuer {
  return issuerOf(randomBytes(SEED_BYTES))
}

/** The issuer with this seed of 32 bytes, as handed to the gate’s thread. */
export function issuerOf(seed: Uint8Array): Issuer {
  return { publicKey: encodeNkey('account', rawPublicKey(privateKeyOf(seed))), seed }
}

/** Signs with an issuer's seed; the key is made once, as that costs more than a signature. */
export function createSigner({ seed }: Issuer): (data: string) => Buffer {
  const key = privateKeyOf(seed)
  return (data) => sign(null, Buffer.from(data), key)
}

/** Base32 of prefix, key and CRC-16, without padding. */
export function encodeNkey(kind: NkeyKind, raw: Uint8Array): string {
  const body = Buffer.concat([Buffer.from([prefixes[kind]]), raw])
  const sum = Buffer.alloc(2)
  sum.writeUInt16LE(crc16(body))
  return base32(Buffer.concat([body, sum]))
}

function privateKeyOf(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' })
}

function rawPublicKey(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-SEED_BYTES)
}

/** CRC-16/XMODEM: polynomial 0x1021, start 0. */
function crc16(bytes: Uint8Array): number {
  let sum = 0
  for (const byte of bytes) {
    sum ^= byte << 8
    for (let bit = 0; bit < 8; bit += 1) sum = (sum & 0x8000) === 0 ? sum << 1 : (sum << 1) ^ 0x1021
    sum &= 0xffff
  }
  return sum
}

/** RFC 4648, without padding. */
function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET.charAt((value >>> bits) & 31)
    }
    value &= 31
  }
  return bits === 0 ? text : text + ALPHABET.charAt((value << (5 - bits)) & 31)
}
