/** The parts of a protobuf v1 body (`Message{1: Metadata{1: map<string,string>}, 2: Payload{1: bytes}}`); checksums in it are unused. */
interface ProtobufBody {
  readonly metadata: ReadonlyMap<string, string> | undefined
  readonly payload: Uint8Array
}

const broken = (): Error => new Error('proto: cannot parse invalid wire-format data')

/** Throws an Error with the protobuf library's text for anything that is not such a message. */
export function readProtobufBody(data: Uint8Array): ProtobufBody {
  let metadata: Map<string, string> | undefined
  let payload = new Uint8Array(0)
  for (const { field, bytes } of fields(data)) {
    if (field === 1) {
      metadata ??= new Map()
      for (const entry of fields(bytes)) if (entry.field === 1) addEntry(metadata, entry.bytes)
    } else if (field === 2) {
      for (const part of fields(bytes)) if (part.field === 1) payload = new Uint8Array(part.bytes)
    }
  }
  return { metadata, payload }
}

function addEntry(metadata: Map<string, string>, bytes: Uint8Array): void {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let key = ''
  let value = ''
  for (const { field, bytes: part } of fields(bytes)) {
    if (field === 1) key = decodeText(text, part)
    else if (field === 2) value = decodeText(text, part)
  }
  metadata.set(key, value)
}

function decodeText(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch (error) {
    throw new Error('proto: a string contains invalid UTF-8', { cause: error })
  }
}

/** The length-delimited fields of a message; those of other wire types are skipped. */
function* fields(data: Uint8Array): Generator<{ readonly field: number; readonly bytes: Uint8Array }> {
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = data[at++]
      if (byte === undefined) throw broken()
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw broken()
  }
  const skip = (length: number): Uint8Array => {
    if (length > data.length - at) throw broken()
    at += length
    return data.subarray(at - length, at)
  }
  while (at < data.length) {
    const tag = varint()
    const field = Math.floor(tag / 8)
    if (field < 1 || field > 0x1fffffff) throw broken()
    switch (tag % 8) {
      case 0:
        varint()
        break
      case 1:
        skip(8)
        break
      case 2:
        yield { field, bytes: skip(varint()) }
        break
      case 5:
        skip(4)
        break
      default:
        throw broken()
    }
  }
}
