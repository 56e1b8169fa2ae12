/** Types of the images in an `.icns` file, by size (Apple's icon resource format; each holds a PNG). */
const ICNS_TYPES = /** @type {const} */ ([
  ['icp4', 16],
  ['icp5', 32],
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
  ['ic10', 1024],
  ['ic11', 32],
  ['ic12', 64],
  ['ic13', 256],
  ['ic14', 512],
])
const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256]

/**
 * @param {Record<number, Buffer>} pngs by size in pixels
 * @returns {Buffer} an `.icns` file for macOS
 */
export function icns(pngs) {
  const images = ICNS_TYPES.map(([type, size]) => Buffer.concat([Buffer.from(type, 'ascii'), uint32(pngs[size].length + 8), pngs[size]]))
  const body = Buffer.concat(images)
  return Buffer.concat([Buffer.from('icns', 'ascii'), uint32(body.length + 8), body])
}

/**
 * @param {Record<number, Buffer>} pngs by size in pixels
 * @returns {Buffer} an `.ico` file for Windows, whose images are PNGs
 */
export function ico(pngs) {
  const header = Buffer.alloc(6)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(ICO_SIZES.length, 4)
  let offset = header.length + ICO_SIZES.length * 16
  const entries = ICO_SIZES.map((size) => {
    const entry = Buffer.alloc(16)
    // A byte each for width and height: 0 stands for 256.
    entry.writeUInt8(size % 256, 0)
    entry.writeUInt8(size % 256, 1)
    entry.writeUInt16LE(1, 4)
    entry.writeUInt16LE(32, 6)
    entry.writeUInt32LE(pngs[size].length, 8)
    entry.writeUInt32LE(offset, 12)
    offset += pngs[size].length
    return entry
  })
  return Buffer.concat([header, ...entries, ...ICO_SIZES.map((size) => pngs[size])])
}

function uint32(value) {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
