import { notUnderstood } from './template-fault'

/** What a template computes with. A map is what variables are given as. */
export type Value = string | number | boolean | Readonly<Record<string, string>>

/** One word of a command. */
export type Operand =
  | { readonly kind: 'value'; readonly value: Value }
  /** `.`, `.name`, `$`, `$name.field`; `variable` is undefined for the dot. */
  | { readonly kind: 'place'; readonly variable?: string; readonly fields: readonly string[] }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'pipeline'; readonly pipeline: Pipeline }

/** Commands of which each gives its value to the next one, as its last argument. */
export interface Pipeline {
  readonly commands: readonly (readonly Operand[])[]
  /** `$k, $v := …` or `$v = …` */
  readonly sets?: { readonly names: readonly string[]; readonly isNew: boolean }
  readonly line: number
}

const token =
  /\s*(?:(?<text>"(?:[^"\\\n]|\\.)*"|`[^`]*`)|(?<place>\$[\p{L}\p{Nd}_]*(?:\.[\p{L}_][\p{L}\p{Nd}_]*)*|(?:\.[\p{L}_][\p{L}\p{Nd}_]*)+|\.(?![\p{L}_\d]))|(?<number>[+-]?\d+(?:\.\d+)?)(?![\p{L}_\d.])|(?<word>[\p{L}_][\p{L}\p{Nd}_]*)|(?<sign>:=|[|(),=]))/uy

type Token = Readonly<Record<'text' | 'place' | 'number' | 'word' | 'sign', string | undefined>>

/** The pipeline that `source` is. Throws `template.unsupported`. */
export function readPipeline(source: string, line: number): Pipeline {
  const tokens = tokensOf(source, line)
  let at = 0
  const fault = () => notUnderstood(line, `{{${source}}} is not understood.`)
  const pipeline = (nested: boolean): Pipeline => {
    const sets = settingsAt(tokens, at)
    if (sets !== undefined) at += sets.names.length * 2
    const commands: Operand[][] = [[]]
    for (;;) {
      const next = tokens[at]
      if (next === undefined || (nested && next.sign === ')')) break
      at += 1
      if (next.sign === '|') commands.push([])
      else commands.at(-1)?.push(next.sign === '(' ? group() : operand(next))
    }
    if (commands.some((words) => words.length === 0)) throw fault()
    return { commands, line, ...(sets === undefined ? {} : { sets }) }
  }
  const group = (): Operand => {
    const inner = pipeline(true)
    if (tokens[at]?.sign !== ')') throw fault()
    at += 1
    return { kind: 'pipeline', pipeline: inner }
  }
  const operand = ({ text, place, number, word }: Token): Operand => {
    if (text !== undefined) return { kind: 'value', value: unquoted(text) ?? raise(fault()) }
    if (number !== undefined) return { kind: 'value', value: Number(number) }
    if (word === 'true' || word === 'false') return { kind: 'value', value: word === 'true' }
    if (word !== undefined) return { kind: 'function', name: word }
    if (place === undefined) throw fault()
    const [variable = '', ...fields] = place === '.' ? [''] : place.split('.')
    return { kind: 'place', fields, ...(variable === '' ? {} : { variable }) }
  }
  const whole = pipeline(false)
  if (at < tokens.length) throw fault()
  return whole
}

function tokensOf(source: string, line: number): readonly Token[] {
  const tokens: Token[] = []
  token.lastIndex = 0
  const end = source.trimEnd().length
  while (token.lastIndex < end) {
    const found = token.exec(source)
    if (found?.groups === undefined) throw notUnderstood(line, `{{${source}}} is not understood.`)
    tokens.push(found.groups as Token)
  }
  return tokens
}

/** `$v :=`, `$v =` and `$k, $v :=` at the beginning of a pipeline. */
function settingsAt(tokens: readonly Token[], at: number): Pipeline['sets'] {
  const [first, sign, second, secondSign] = tokens.slice(at, at + 4)
  const isName = (one: Token | undefined): one is Token => one?.place !== undefined && /^\$[^.]+$/.test(one.place)
  if (!isName(first)) return undefined
  if (sign?.sign === ':=' || sign?.sign === '=') return { names: [first.place ?? ''], isNew: sign.sign === ':=' }
  if (sign?.sign === ',' && isName(second) && secondSign?.sign === ':=') return { names: [first.place ?? '', second.place ?? ''], isNew: true }
  return undefined
}

function unquoted(text: string): string | undefined {
  if (text.startsWith('`')) return text.slice(1, -1)
  try {
    return JSON.parse(text) as string
  } catch {
    return undefined // An escape that JSON does not have.
  }
}

function raise(error: Error): never {
  throw error
}
