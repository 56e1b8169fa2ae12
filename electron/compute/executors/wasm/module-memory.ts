import { AppError } from '../../../../shared/errors'
import type { ImportedMemory } from './messages'

/** A page of WebAssembly’s memory. */
export const PAGE_BYTES = 65_536
/** The most that 32-bit addresses reach: 4 GiB. */
export const MOST_PAGES = 65_536

const IMPORT_SECTION = 2
const MEMORY_SECTION = 5
const HEADER_BYTES = 8
/** A component (of the component model) begins as a module does, with this version and layer 1. */
const COMPONENT_VERSION = 0x0d

/** A module whose own memories cannot grow beyond a limit, and the memories that it must be given. */
interface LimitedModule {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly imported: readonly ImportedMemory[]
}

interface Limits {
  readonly flags: number
  readonly initial: number
  readonly maximum: number | undefined
}

/**
 * Rewrites the maximum of every memory of a module in the binary format (WebAssembly core specification, section 5) to at most `pages`: the engine
 * then refuses to grow it further, at no cost. Throws AppError `wasm.not-a-module`, `wasm.memory-limit` (it starts with more) or `wasm.unsupported`
 * (shared or 64-bit memories).
 */
export function limitMemory(module: Uint8Array, pages: number): LimitedModule {
  if (module.length < HEADER_BYTES || Buffer.from(module.subarray(0, 4)).toString('latin1') !== '\0asm') throw notAModule('it does not begin as one')
  if (module[4] === COMPONENT_VERSION && module[6] === 1) {
    throw new AppError('wasm.not-a-module', 'The file is no WebAssembly module: it is a component.', {
      hint: 'Components and WASI preview 2 are not supported; build it for wasm32-wasi (preview 1).',
    })
  }
  const parts: Uint8Array[] = [module.subarray(0, HEADER_BYTES)]
  const imported: ImportedMemory[] = []
  const reader = new Reader(module, HEADER_BYTES)
  while (!reader.atEnd) {
    const start = reader.offset
    const id = reader.byte()
    const size = reader.leb()
    const body = reader.take(size)
    if (id === IMPORT_SECTION) imported.push(...importedMemories(body, pages))
    if (id === MEMORY_SECTION) {
      const limited = limitSection(body, pages)
      parts.push(Uint8Array.of(MEMORY_SECTION), leb(limited.length), limited)
    } else parts.push(module.subarray(start, reader.offset))
  }
  return { bytes: new Uint8Array(Buffer.concat(parts)), imported }
}

function limitSection(body: Uint8Array, pages: number): Uint8Array {
  const reader = new Reader(body, 0)
  const count = reader.leb()
  const parts: Uint8Array[] = [leb(count)]
  for (let index = 0; index < count; index += 1) {
    const { initial, maximum } = limitsWithin(readLimits(reader), pages)
    parts.push(Uint8Array.of(1), leb(initial), leb(maximum))
  }
  return Buffer.concat(parts)
}

function importedMemories(body: Uint8Array, pages: number): readonly ImportedMemory[] {
  const found: ImportedMemory[] = []
  const reader = new Reader(body, 0)
  const count = reader.leb()
  for (let index = 0; index < count; index += 1) {
    const module = reader.name()
    const name = reader.name()
    const kind = reader.byte()
    if (kind === 0) reader.leb()
    else if (kind === 1) {
      skipReference(reader)
      readLimits(reader)
    } else if (kind === 2) found.push({ module, name, ...limitsWithin(readLimits(reader), pages) })
    else if (kind === 3) {
      skipReference(reader)
      reader.byte()
    } else if (kind === 4) {
      reader.byte()
      reader.leb()
    } else throw new AppError('wasm.unsupported', `The module imports ${module}.${name}, which is of an unknown kind (${kind}).`)
  }
  return found
}

/** A value type is a byte, but for typed references (0x63, 0x64), which a heap type follows. */
function skipReference(reader: Reader): void {
  const type = reader.byte()
  if (type === 0x63 || type === 0x64) reader.leb()
}

function limitsWithin({ flags, initial, maximum }: Limits, pages: number): { readonly initial: number; readonly maximum: number } {
  if ((flags & ~1) !== 0) {
    throw new AppError('wasm.unsupported', 'The module wants shared or 64-bit memory, which this engine does not have.', {
      hint: 'Build it for wasm32-wasi, without threads.',
    })
  }
  if (initial > pages) {
    throw new AppError(
      'wasm.memory-limit',
      `The module starts with ${mebibytes(initial)} MiB of memory, but the task asks for ${mebibytes(pages)} MiB.`,
      {
        hint: `Ask for more: Resources.Memory of at least ${Math.ceil((initial * PAGE_BYTES) / 1_000_000)}MB.`,
      },
    )
  }
  return { initial, maximum: Math.min(maximum ?? pages, pages) }
}

function mebibytes(pages: number): string {
  return String(Number(((pages * PAGE_BYTES) / (1 << 20)).toFixed(1)))
}

function readLimits(reader: Reader): Limits {
  const flags = reader.byte()
  const initial = reader.leb()
  return { flags, initial, maximum: (flags & 1) === 0 ? undefined : reader.leb() }
}

function notAModule(why: string): AppError {
  return new AppError('wasm.not-a-module', `The file is no WebAssembly module: ${why}.`, {
    hint: 'Give the .wasm file that the compiler made, for the target wasm32-wasi.',
  })
}

function leb(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  do {
    const low = rest % 128
    rest = Math.floor(rest / 128)
    bytes.push(rest > 0 ? low | 0x80 : low)
  } while (rest > 0)
  return Uint8Array.from(bytes)
}

class Reader {
  constructor(
    private readonly bytes: Uint8Array,
    public offset: number,
  ) {}

  get atEnd(): boolean {
    return this.offset >= this.bytes.length
  }

  byte(): number {
    const value = this.bytes[this.offset]
    if (value === undefined) throw notAModule('it ends too early')
    this.offset += 1
    return value
  }

  /** An unsigned number, at most what a double holds exactly. */
  leb(): number {
    let value = 0
    for (let place = 1; place <= 2 ** 49; place *= 128) {
      const byte = this.byte()
      value += (byte & 0x7f) * place
      if (byte < 0x80) return value
    }
    throw notAModule('a number in it is too long')
  }

  take(length: number): Uint8Array {
    if (this.offset + length > this.bytes.length) throw notAModule('it ends too early')
    this.offset += length
    return this.bytes.subarray(this.offset - length, this.offset)
  }

  name(): string {
    return Buffer.from(this.take(this.leb())).toString('utf8')
  }
}
