import { errno, FIRST_PREOPEN, type MemoryView, type WasiCall, type WasiCalls } from './wasi-abi'

/** More than this in one piece would make big messages on the way. */
const PIECE_BYTES = 256 * 1024

interface StandardStreamsOptions {
  readonly memory: MemoryView
  /** Takes bytes that are its own from now on; returns when more may be written. */
  readonly write: (stream: 1 | 2, bytes: Uint8Array) => void
}

/**
 * Standard input that is empty, and output that goes to `write`: descriptors 0 to 2 of the thread are those of the whole process, so no call may
 * reach them. Sockets, of which a module has none, are answered as such.
 */
export function standardStreams(calls: WasiCalls, { memory, write }: StandardStreamsOptions): WasiCalls {
  const open = new Set([0, 1, 2])
  const own =
    (name: string, answer: WasiCall): WasiCall =>
    (...args) => {
      const descriptor = Number(args[0])
      if (descriptor >= FIRST_PREOPEN) return calls[name]?.(...args) ?? errno.notsup
      return open.has(descriptor) ? answer(...args) : errno.badf
    }
  const fails = (name: string, code: number): Record<string, WasiCall> => ({ [name]: own(name, () => code) })

  return {
    ...calls,
    fd_write: own('fd_write', (descriptor, pieces, count, written) => {
      const stream = Number(descriptor)
      if (stream !== 1 && stream !== 2) return errno.badf
      let total = 0
      for (const bytes of gather(memory, Number(pieces), Number(count))) {
        // Before they are given away: a buffer that was handed to another thread has no length here.
        total += bytes.length
        write(stream, bytes)
      }
      memory().setUint32(Number(written), total, true)
      return errno.success
    }),
    fd_read: own('fd_read', (descriptor, _pieces, _count, read) => {
      if (Number(descriptor) !== 0) return errno.badf
      memory().setUint32(Number(read), 0, true)
      return errno.success
    }),
    fd_close: own('fd_close', (descriptor) => {
      open.delete(Number(descriptor))
      return errno.success
    }),
    fd_renumber: own('fd_renumber', () => errno.notsup),
    ...fails('fd_pread', errno.spipe),
    ...fails('fd_pwrite', errno.spipe),
    ...fails('fd_seek', errno.spipe),
    ...fails('fd_tell', errno.spipe),
    ...fails('fd_advise', errno.spipe),
    ...fails('fd_allocate', errno.spipe),
    ...fails('fd_sync', errno.success),
    ...fails('fd_datasync', errno.success),
    ...fails('fd_fdstat_set_flags', errno.success),
    ...fails('fd_filestat_set_size', errno.inval),
    ...fails('fd_filestat_set_times', errno.inval),
    fd_fdstat_get: own('fd_fdstat_get', (descriptor, out) => {
      // A file type of 0 (unknown) is what a pipe is to WASI: no terminal, hence buffered.
      const view = memory()
      const right = Number(descriptor) === 0 ? 1n << 1n : 1n << 6n
      for (const [offset, value] of [0n, right, 0n].entries()) view.setBigUint64(Number(out) + offset * 8, value, true)
      return errno.success
    }),
    sock_accept: () => errno.notsock,
    sock_recv: () => errno.notsock,
    sock_send: () => errno.notsock,
    sock_shutdown: () => errno.notsock,
  }
}

/** Copies what a write gives, in pieces: the memory is the module's, and changes when it goes on. */
function* gather(memory: MemoryView, pieces: number, count: number): Generator<Uint8Array> {
  const parts: Uint8Array[] = []
  let held = 0
  for (let index = 0; index < count; index += 1) {
    const view = memory()
    const start = view.getUint32(pieces + index * 8, true)
    const length = view.getUint32(pieces + index * 8 + 4, true)
    const whole = new Uint8Array(view.buffer, start, length)
    for (let from = 0; from < length; from += PIECE_BYTES) {
      const part = whole.slice(from, from + PIECE_BYTES)
      if (held + part.length > PIECE_BYTES) {
        yield joined(parts.splice(0), held)
        held = 0
      }
      parts.push(part)
      held += part.length
    }
  }
  if (held > 0) yield joined(parts, held)
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  if (parts.length === 1 && parts[0] !== undefined) return parts[0]
  const whole = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
