import { readJson } from '../../../shared/read-json'

/** Reads a value that the window remembers between its starts; `fallback` when there is none or it has another shape. */
export function remembered<Value>(key: string, isValid: (value: unknown) => value is Value, fallback: Value): Value {
  const text = storage()?.getItem(`shoal.${key}`)
  if (text == null) return fallback
  // Written by another version, or by hand, it may be anything: what is remembered is a convenience only.
  const value = readJson(text)
  return isValid(value) ? value : fallback
}

/** `value` as JSON. Does nothing where the page may not store. */
export function remember(key: string, value: unknown): void {
  storage()?.setItem(`shoal.${key}`, JSON.stringify(value))
}

/** Storage can be closed to a page; then nothing is remembered. */
function storage(): Storage | undefined {
  try {
    return globalThis.localStorage
  } catch {
    return undefined // A page that may not even look at it gets an error.
  }
}
