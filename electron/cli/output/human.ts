const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']

/** Bytes in decimal units for people, as Bacalhau's tables write them: `512 MB`, `1.1 GB`, `9 B`. */
export function humanBytes(bytes: number): string {
  if (bytes < 10) return `${bytes} B`
  const exponent = Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(1000) + 1e-9))
  const value = Math.floor((bytes / 1000 ** exponent) * 10 + 0.5) / 10
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ${units[exponent] ?? 'B'}`
}

/** The short form of a generated id (`n-` and eight digits); names that people gave stay whole. */
export function shortId(id: string): string {
  return /^[a-z]-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(id) ? id.slice(0, 10) : id
}
