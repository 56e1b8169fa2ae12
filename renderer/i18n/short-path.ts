/** A path as people write it: the home folder as `~`. */
export function shortPath(path: string, homeDir: string | undefined): string {
  if (homeDir === undefined || homeDir === '' || !path.startsWith(homeDir)) return path
  const rest = path.slice(homeDir.length)
  return rest.startsWith('/') || rest.startsWith('\\') ? `~${rest}` : path
}
