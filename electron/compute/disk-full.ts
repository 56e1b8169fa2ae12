/** What to do about a full disk. */
export const DISK_FULL_HINT = 'Make room on the disk of the node.'
