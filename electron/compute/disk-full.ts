/** Whether an error of the system says that there is no room, or none any more for this user. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}

/** What to do about it. */
export const DISK_FULL_HINT = 'Make room on the disk of the node.'
