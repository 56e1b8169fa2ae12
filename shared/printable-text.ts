/**
 * What a terminal obeys or hides where it should show it: control characters (C0, DEL, C1), characters without width, line separators, and the
 * marks that turn the direction of writing for what follows. Joiners and simple direction marks stay: scripts and pictures need them.
 */
const unprintable = /[\p{Cc}\u200B\u2028-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/gu
const unprintableInLines = /(?![\n\t])[\p{Cc}\u200B\u2028-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/gu

/** A text that somebody else chose (a name, a label, a message), as one line that says what stands in it: `\u001b[31m` for what would colour it. */
export function printableText(text: string): string {
  return text.replace(unprintable, escaped)
}

/** The same of a text that may have lines and tabs. */
export function printableLines(text: string): string {
  return text.replace(unprintableInLines, escaped)
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
