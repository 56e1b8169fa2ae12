const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
})

/** CRC-32/IEEE as zlib has it. Not node:zlib's: loading that takes longer than all the messages of a node's start. */
export function crc32(data: Uint8Array): number {
  let crc = 0xffffffff
  // Not `for…of`: this goes over every byte of every message.
  for (let at = 0; at < data.length; at += 1) crc = (table[(crc ^ (data[at] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}
