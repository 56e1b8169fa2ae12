const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** Whether a message says what a log's line says: then the line need not stand beside it. */
export function tellsLine(message: string, line: string): boolean {
  return squeezed(message).includes(squeezed(line).replace(/^(hint|error): /i, ''))
}
