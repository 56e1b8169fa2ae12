const decoder = new TextDecoder()

/** The value of a text in JSON, bytes in UTF-8 too; undefined for any other text, which no schema takes: whoever checks the value tells it. */
export function readJson(text: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof text === 'string' ? text : decoder.decode(text))
  } catch {
    return undefined // JSON.parse throws for nothing else.
  }
}

/** The members of an object in JSON; undefined for any other value, and for what is no JSON. */
export function readJsonObject(text: string | Uint8Array): Readonly<Record<string, unknown>> | undefined {
  const value = readJson(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined
}
