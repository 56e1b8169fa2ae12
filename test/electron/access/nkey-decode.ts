const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The 32 bytes inside an encoded public key; the prefix and the sum are left out. */
export function rawPublicKeyOf(nkey: string): Buffer {
  const bits = nkey.replace(/./g, (character) => ALPHABET.indexOf(character).toString(2).padStart(5, '0'))
  const bytes = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))
  return Buffer.from(bytes).subarray(1, 33)
}
