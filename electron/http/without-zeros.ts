/** Always told by Bacalhau, also when it is false. */
const TOLD = new Set(['Insecure'])

/** A configuration as Bacalhau shows one: without values that are nothing (empty texts, lists and maps, zeros, `false`); its sections are always there. */
export function withoutZeros(section: object): object {
  return Object.fromEntries(
    Object.entries(section).flatMap(([key, value]: [string, unknown]) => {
      if (isMap(value)) return Object.keys(value).length === 0 ? [] : [[key, withoutZeros(value)]]
      return TOLD.has(key) || !isNothing(value) ? [[key, value]] : []
    }),
  )
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNothing(value: unknown): boolean {
  return (
    value === '' ||
    value === 0 ||
    value === '0s' ||
    value === false ||
    value === null ||
    value === undefined ||
    (Array.isArray(value) && value.length === 0)
  )
}
