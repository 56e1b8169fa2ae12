/** Every type, in the form in which it is stored. */
export const networkTypes = ['Default', 'None', 'Host', 'Full', 'HTTP', 'Bridge'] as const

/** How a task meets the network. `Full` is the older word for `Host`. */
export type NetworkType = (typeof networkTypes)[number]

/** The type that a text in any case names; a missing or empty one is `Default`. Undefined for any other. */
export function networkType(text: string | undefined): NetworkType | undefined {
  if (text === undefined || text === '') return 'Default'
  return networkTypes.find((type) => type.toLowerCase() === text.toLowerCase())
}
