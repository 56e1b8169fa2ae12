import { CHANGING_OPEN_FLAGS, errno, FD_WRITE_RIGHT, FIRST_PREOPEN, WRITE_RIGHTS, type MemoryView, type WasiCall, type WasiCalls } from './wasi-abi'

/** Calls that change something, with the positions of the descriptors it is reached by. */
const CHANGING: Readonly<Record<string, readonly number[]>> = {
  fd_allocate: [0],
  fd_filestat_set_size: [0],
  fd_filestat_set_times: [0],
  fd_write: [0],
  fd_pwrite: [0],
  path_create_directory: [0],
  path_filestat_set_times: [0],
  path_link: [0, 4],
  path_remove_directory: [0],
  path_rename: [0, 3],
  path_symlink: [2],
  path_unlink_file: [0],
}

/** Where `path_open` has the rights that the new descriptor is to have. */
const RIGHTS_PLACE = 5

/** What a run has open: to close it at the end, since the thread lives on. */
interface FileCalls {
  readonly calls: WasiCalls
  /** Closes everything that the module left open, and its folders. */
  closeAll(): void
}

/**
 * Keeps read-only folders read-only: the folders that node:wasi opens are all writable, so every call that changes something is refused with EROFS
 * when one of its descriptors lies in a read-only folder. `writable[n]` tells of descriptor 3 + n.
 */
export function guardReadOnly(calls: WasiCalls, writable: readonly boolean[], memory: MemoryView): FileCalls {
  const readOnly = new Set(writable.flatMap((can, index) => (can ? [] : [FIRST_PREOPEN + index])))
  const open = new Set(writable.map((_, index) => FIRST_PREOPEN + index))
  const native = (name: string): WasiCall => calls[name] ?? (() => errno.notsup)

  const guarded = Object.fromEntries(
    Object.entries(CHANGING).map(([name, places]): [string, WasiCall] => {
      const call = native(name)
      return [name, (...args) => (places.some((place) => readOnly.has(Number(args[place]))) ? errno.rofs : call(...args))]
    }),
  )
  const pathOpen: WasiCall = (...args) => {
    const [folder, , , , openFlags, asked, , , out] = args
    const isReadOnly = readOnly.has(Number(folder))
    const rights = BigInt(asked ?? 0n)
    if (isReadOnly && ((Number(openFlags) & CHANGING_OPEN_FLAGS) !== 0 || (rights & FD_WRITE_RIGHT) !== 0n)) return errno.rofs
    // Go asks for other rights to change a file even where it only reads. With them the file would be opened for writing, which its owner may deny.
    const result = native('path_open')(...(isReadOnly ? args.with(RIGHTS_PLACE, rights & ~WRITE_RIGHTS) : args))
    if (result !== errno.success) return result
    const descriptor = memory().getUint32(Number(out), true)
    open.add(descriptor)
    if (isReadOnly) readOnly.add(descriptor)
    else readOnly.delete(descriptor)
    return result
  }
  const close: WasiCall = (descriptor) => {
    const result = native('fd_close')(descriptor)
    if (result === errno.success) forget(Number(descriptor))
    return result
  }
  const renumber: WasiCall = (from, to) => {
    const result = native('fd_renumber')(from, to)
    if (result !== errno.success) return result
    const moved = readOnly.has(Number(from))
    forget(Number(from))
    open.add(Number(to))
    if (moved) readOnly.add(Number(to))
    else readOnly.delete(Number(to))
    return result
  }
  const forget = (descriptor: number): void => {
    open.delete(descriptor)
    readOnly.delete(descriptor)
  }
  return {
    calls: { ...calls, ...guarded, path_open: pathOpen, fd_close: close, fd_renumber: renumber },
    closeAll: () => {
      for (const descriptor of open) native('fd_close')(descriptor)
      open.clear()
    },
  }
}
