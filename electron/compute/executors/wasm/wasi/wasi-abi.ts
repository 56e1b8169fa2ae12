/** Numbers of WASI preview 1 (its witx: `errno`, `rights`, `oflags`, `subscription`, `event`). */
export const errno = { success: 0, badf: 8, inval: 28, notsock: 57, notsup: 58, rofs: 69, spipe: 70, notcapable: 76 } as const

/** Rights of which each lets a file change: fd_datasync, fd_write, fd_allocate, fd_filestat_set_size. */
export const WRITE_RIGHTS = (1n << 0n) | (1n << 6n) | (1n << 8n) | (1n << 22n)

/** Without it a file is only read. */
export const FD_WRITE_RIGHT = 1n << 6n

/** `oflags` that change a folder or a file: creat, trunc. */
export const CHANGING_OPEN_FLAGS = 1 | 8

/** `lookupflags`: a link at the end of a path is followed. */
export const SYMLINK_FOLLOW = 1

/** The first descriptor after the three standard streams. */
export const FIRST_PREOPEN = 3

/** Any WASI function: numbers and, for 64-bit parameters, bigints. */
export type WasiCall = (...args: (number | bigint)[]) => number
/** Functions of WASI by name. */
export type WasiCalls = Readonly<Record<string, WasiCall>>

/** The memory of the running module; asked on every call, since growing replaces its buffer. */
export type MemoryView = () => DataView
