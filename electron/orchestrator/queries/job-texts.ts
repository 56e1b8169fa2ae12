const texts = new WeakMap<object, string>()

/** JSON of a value that is never changed, made once: lists are put together from it. */
export function jsonOf(value: object): string {
  let text = texts.get(value)
  if (text === undefined) texts.set(value, (text = JSON.stringify(value)))
  return text
}

/** JSON of a page of such values. */
export function pageOf(items: readonly object[], nextToken: string): string {
  return `{"NextToken":${JSON.stringify(nextToken)},"Items":[${items.map(jsonOf).join(',')}]}`
}
