import { randomFillSync } from 'node:crypto'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const LENGTH = 32
/** Asking the system for a few bytes costs as much as asking for many. */
const pool = Buffer.alloc(LENGTH * 256)
let used = pool.length

/** 32 random letters, as Bacalhau's. */
export function randomRequestId(): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  let id = ''
  for (const end = used + LENGTH; used < end; used += 1) id += letters.charAt((pool[used] ?? 0) % letters.length)
  return id
}
