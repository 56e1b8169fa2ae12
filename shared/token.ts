/** How hard a token is to guess. `bits`: the number of guesses, as a power of two, rounded down; an estimate on the careful side. */
interface TokenStrength {
  readonly bits: number
  readonly verdict: 'empty' | 'weak' | 'fair' | 'strong'
  /** One sentence, in words for a person. */
  readonly reason: string
}

/** A weak token falls to a patient guesser on the network: the gate takes thousands of guesses a second. */
const FAIR_BITS = 60
/** From so many bits on nobody guesses a token. */
export const STRONG_BITS = 100

/** What people write instead of a secret; each is worth one guess among many lists. */
const words = (
  'password passwd secret token bacalhau shoal nats cluster orchestrator compute node admin administrator root user login welcome letmein test ' +
  'demo example default changeme change master server network local localhost dragon monkey football baseball sunshine princess iloveyou ' +
  'qwerty qwertz azerty asdf zxcv abc123 trustno1 whatever hello world love money summer winter spring autumn monday friday january december ' +
  'company office home house computer internet access private public right wrong seed strong weak safe super hunter shadow freedom'
)
  .split(' ')
  .sort((left, right) => right.length - left.length)
const WORD_BITS = 9

const rows = ['abcdefghijklmnopqrstuvwxyz', '0123456789', '1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm']
const rowsBothWays = rows.flatMap((row) => [row, row.split('').reverse().join('')])
const plainLetters: Readonly<Record<string, string>> = { '0': 'o', '1': 'l', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's', '!': 'i' }

/** Weighs a token the way a guesser would: known words, keyboard rows, years and repetitions count little, the rest by its alphabet. */
export function tokenStrength(token: string): TokenStrength {
  if (token === '') return { bits: 0, verdict: 'empty', reason: 'There is no token: anybody who reaches the port can join.' }
  const { bits: guessed, pattern } = weigh(token)
  const bits = Math.floor(Math.min(guessed, varietyBits(token)))
  if (bits >= STRONG_BITS) return { bits, verdict: 'strong', reason: 'Nobody can guess it.' }
  if (bits >= FAIR_BITS) return { bits, verdict: 'fair', reason: 'Guessing it takes very long; a generated token is safer still.' }
  return { bits, verdict: 'weak', reason: whyWeak(token, pattern) }
}

function whyWeak(token: string, pattern: string | undefined): string {
  if (new Set(token).size <= 2) return 'It repeats the same characters.'
  if (pattern !== undefined) return `It can be guessed: it contains ${pattern}.`
  return token.length < 12 ? 'It is too short.' : 'It has too little variety.'
}

/** Cuts the token into guessable pieces and single characters, from the left. */
function weigh(token: string): { readonly bits: number; readonly pattern: string | undefined } {
  const alphabet = alphabetBits(token)
  const lower = token.toLowerCase()
  const letters = lower.replace(/[013457@$!]/g, (character) => plainLetters[character] ?? character)
  let bits = 0
  let pattern: string | undefined
  for (let at = 0; at < token.length;) {
    const piece = wordAt(letters, at) ?? wordAt(lower, at) ?? yearAt(token, at) ?? rowAt(lower, at) ?? repetitionAt(token, at) ?? proseAt(token, at)
    if (piece === undefined || piece.bits >= piece.length * alphabet) {
      bits += alphabet
      at += 1
      continue
    }
    bits += piece.bits
    at += piece.length
    pattern ??= piece.name
  }
  return { bits, pattern }
}

interface Piece {
  readonly length: number
  readonly bits: number
  readonly name: string
}

function wordAt(text: string, at: number): Piece | undefined {
  const word = words.find((candidate) => text.startsWith(candidate, at))
  return word === undefined ? undefined : { length: word.length, bits: WORD_BITS, name: `the word “${word}”` }
}

function yearAt(text: string, at: number): Piece | undefined {
  return /^(19|20)\d\d/.test(text.slice(at, at + 4)) ? { length: 4, bits: 7, name: 'a year' } : undefined
}

/** Neighbours of the alphabet, the digits or the keyboard, forwards or backwards. */
function rowAt(text: string, at: number): Piece | undefined {
  for (const row of rowsBothWays) {
    const start = row.indexOf(text[at] ?? '')
    if (start < 0) continue
    let length = 1
    while (at + length < text.length && start + length < row.length && text[at + length] === row[start + length]) length += 1
    // Three neighbours also come about by chance, but not at the beginning of a row.
    if (length >= 4 || (length === 3 && start === 0))
      return { length, bits: 6 + Math.log2(length), name: `the sequence “${text.slice(at, at + length)}”` }
  }
  return undefined
}

/** Something that was just written, written again. */
function repetitionAt(text: string, at: number): Piece | undefined {
  for (let size = Math.min(at, 16); size >= 1; size -= 1) {
    const unit = text.slice(at - size, at)
    let count = 0
    while (text.startsWith(unit, at + count * size)) count += 1
    const length = count * size
    if (length >= 2) return { length, bits: 2 + Math.log2(count), name: 'a repetition' }
  }
  return undefined
}

/** Letters in a row are most likely a word of some language, which has about two bits a letter. */
function proseAt(text: string, at: number): Piece | undefined {
  const [letters = ''] = /^\p{Lu}?\p{Ll}{4,}/u.exec(text.slice(at)) ?? []
  if (letters === '' || /^[a-f]+$/i.test(letters)) return undefined
  return { length: letters.length, bits: letters.length * 2.2, name: 'words' }
}

/** Bits of one character, chosen evenly from the kinds of characters that occur. */
function alphabetBits(token: string): number {
  const kinds: readonly (readonly [RegExp, number])[] = [
    [/[a-f]/, 6],
    [/[g-z]/, 20],
    [/[A-F]/, 6],
    [/[G-Z]/, 20],
    [/[0-9]/, 10],
    [/[-_]/, 2],
    [/[^-_a-zA-Z0-9\p{L}]/u, 31],
    [/[^\x20-\x7e]/, 100],
  ]
  return Math.log2(kinds.reduce((sum, [kind, size]) => sum + (kind.test(token) ? size : 0), 0))
}

/** An upper bound from how evenly its own characters are spread: a long token of few different ones is worth little. */
function varietyBits(token: string): number {
  const counts = new Map<string, number>()
  for (const character of token) counts.set(character, (counts.get(character) ?? 0) + 1)
  const entropy = [...counts.values()].reduce((sum, count) => sum - (count / token.length) * Math.log2(count / token.length), 0)
  // A short token cannot show the whole of its alphabet, so its own spread says too little about it.
  return token.length * entropy * 1.5
}
