/** The code that the system, or Node.js in its place, gives an error (`ENOENT`, `ERR_BUFFER_TOO_LARGE`); undefined for any other error. */
export function systemCodeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Whether it says that a file or folder is not there. */
export function isMissing(error: unknown): boolean {
  return systemCodeOf(error) === 'ENOENT'
}

/** Whether it says that a path leads to nothing: it ends in a name that is not there, or goes through something that is no folder. */
export function leadsNowhere(error: unknown): boolean {
  return isMissing(error) || systemCodeOf(error) === 'ENOTDIR'
}

/** Whether it says that there is no room, or none any more for this user (open(2), write(2): `ENOSPC`, `EDQUOT`). */
export function isDiskFull(error: unknown): boolean {
  const code = systemCodeOf(error)
  return code === 'ENOSPC' || code === 'EDQUOT'
}
