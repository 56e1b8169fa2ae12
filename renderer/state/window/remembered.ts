/** Reads a value that the window remembers between its starts; `fallback` when there is none or it has another shape. */
export function remembered<Value>(key: string, isValid: (value: unknown) => value is Value, fallback: Value): Value {
  const text = storage()?.getItem(`shoal.${key}`)
  if (text == null) return fallback
  try {
    const value: unknown = JSON.parse(text)
    return isValid(value) ? value : fallback
  } catch {
    return fallback // Written by another version, or by hand: what is remembered is a convenience only.
  }
}

export function remember(key: string, value: unknown): void {
  storage()?.setItem(`shoal.${key}`, JSON.stringify(value))
}

/** Storage can be closed to a page; then nothing is remembered. */
function storage(): Storage | undefined {
  try {
    return globalThis.localStorage
  } catch {
    return undefined
  }
}
