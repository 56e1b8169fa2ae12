/** One requirement of a selector. `values` holds one entry for `equals`, `notEquals`, `greater` and `less`, none for `exists` and `missing`. */
export interface LabelRequirement {
  readonly key: string
  readonly operator: 'in' | 'notin' | 'equals' | 'notEquals' | 'exists' | 'missing' | 'greater' | 'less'
  readonly values: readonly string[]
}

/** Requirements that must all hold; none at all selects everything. */
export type LabelSelector = readonly LabelRequirement[]

/** A text that is no selector. The message is the one that Kubernetes' own parser gives, because clients show it. */
export class LabelSelectorError extends Error {
  override readonly name = 'LabelSelectorError'
}

/**
 * Reads Kubernetes' label selector grammar (`a=b`, `a==b`, `a!=b`, `a in (x,y)`, `a notin (x)`, `a`, `!a`, `a>1`, `a<1`,
 * joined by commas), as k8s.io/apimachinery/pkg/labels does. An empty text selects everything.
 * @throws LabelSelectorError
 */
export function parseLabelSelector(text: string): LabelSelector {
  const tokens = new Tokens(text)
  const requirements: LabelRequirement[] = []
  for (;;) {
    const next = tokens.peek()
    if (next.kind === 'end') return requirements
    if (!isKeyStart(next)) throw new LabelSelectorError(`found '${next.text}', expected: !, identifier, or 'end of string'`)
    requirements.push(readRequirementOrExplain(tokens))
    const separator = tokens.take()
    if (separator.kind === 'end') return requirements
    if (separator.text !== ',' || separator.kind !== 'symbol')
      throw new LabelSelectorError(`found '${separator.text}', expected: ',' or 'end of string'`)
    const following = tokens.peek()
    if (!isKeyStart(following)) throw new LabelSelectorError(`found '${following.text}', expected: identifier after ','`)
  }
}

/** Whether every requirement holds. As in Kubernetes, `!=` and `notin` also hold for labels that are absent. */
export function matchesLabels(selector: LabelSelector, labels: Readonly<Record<string, string>>): boolean {
  return selector.every((requirement) => holds(requirement, Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined))
}

function holds({ operator, values }: LabelRequirement, label: string | undefined): boolean {
  switch (operator) {
    case 'in':
    case 'equals':
      return label !== undefined && values.includes(label)
    case 'notin':
    case 'notEquals':
      return label === undefined || !values.includes(label)
    case 'exists':
      return label !== undefined
    case 'missing':
      return label === undefined
    case 'greater':
    case 'less': {
      const left = label === undefined ? undefined : toInt64(label)
      const right = toInt64(values[0] ?? '')
      if (left === undefined || right === undefined) return false
      return operator === 'greater' ? left > right : left < right
    }
  }
}

interface Token {
  readonly kind: 'word' | 'symbol' | 'end'
  readonly text: string
}

const symbols = ['!=', '==', '=', '!', '<', '>', '(', ')', ',']

class Tokens {
  readonly #tokens: readonly Token[]
  #position = 0

  constructor(text: string) {
    this.#tokens = [...scan(text), { kind: 'end', text: '' }]
  }

  peek(): Token {
    return this.#tokens[this.#position] ?? { kind: 'end', text: '' }
  }

  take(): Token {
    const token = this.peek()
    this.#position += 1
    return token
  }
}

function* scan(text: string): Generator<Token> {
  for (let at = 0; at < text.length;) {
    if (' \t\r\n'.includes(text.charAt(at))) {
      at += 1
      continue
    }
    const symbol = symbols.find((candidate) => text.startsWith(candidate, at))
    if (symbol !== undefined) {
      yield { kind: 'symbol', text: symbol }
      at += symbol.length
      continue
    }
    const word = /[^=!(),<> \t\r\n]+/y
    word.lastIndex = at
    const found = word.exec(text)?.[0] ?? text.charAt(at)
    yield { kind: 'word', text: found }
    at += found.length
  }
}

function isSymbol(token: Token, text: string): boolean {
  return token.kind === 'symbol' && token.text === text
}

function isKeyStart(token: Token): boolean {
  return token.kind === 'word' || isSymbol(token, '!')
}

function readRequirementOrExplain(tokens: Tokens): LabelRequirement {
  try {
    return readRequirement(tokens)
  } catch (error) {
    if (error instanceof LabelSelectorError) throw new LabelSelectorError(`unable to parse requirement: ${error.message}`)
    throw error
  }
}

function readRequirement(tokens: Tokens): LabelRequirement {
  const negated = isSymbol(tokens.peek(), '!')
  if (negated) tokens.take()
  const key = tokens.take()
  if (key.kind !== 'word') throw new LabelSelectorError(`found '${key.text}', expected: identifier`)
  checkKey(key.text)
  if (negated) return { key: key.text, operator: 'missing', values: [] }
  const next = tokens.peek()
  if (next.kind === 'end' || isSymbol(next, ',')) return { key: key.text, operator: 'exists', values: [] }
  const operator = readOperator(tokens)
  const values = operator === 'in' || operator === 'notin' ? readSet(tokens) : [readValue(tokens)]
  values.forEach((value) => checkValue(operator, value))
  return { key: key.text, operator, values }
}

const operators = new Map<string, LabelRequirement['operator']>([
  ['in', 'in'],
  ['notin', 'notin'],
  ['=', 'equals'],
  ['==', 'equals'],
  ['!=', 'notEquals'],
  ['>', 'greater'],
  ['<', 'less'],
])

function readOperator(tokens: Tokens): LabelRequirement['operator'] {
  const token = tokens.take()
  const operator = operators.get(token.text)
  if (operator === undefined) throw new LabelSelectorError(`found '${token.text}', expected: in, notin, =, ==, !=, gt, lt`)
  return operator
}

function readValue(tokens: Tokens): string {
  const next = tokens.peek()
  if (next.kind === 'end' || isSymbol(next, ',')) return ''
  const token = tokens.take()
  if (token.kind !== 'word') throw new LabelSelectorError(`found '${token.text}', expected: identifier`)
  return token.text
}

/** `(x, y)`; a comma with nothing beside it stands for the empty value, and so does `()`. */
function readSet(tokens: Tokens): string[] {
  const open = tokens.take()
  if (!isSymbol(open, '(')) throw new LabelSelectorError(`found '${open.text}' expected: '('`)
  const values = new Set<string>()
  for (let afterValue = false; ;) {
    const token = tokens.take()
    if (isSymbol(token, ')')) {
      if (!afterValue) values.add('')
      return [...values].sort()
    }
    if (isSymbol(token, ',')) {
      if (!afterValue) values.add('')
      afterValue = false
    } else if (token.kind === 'word' && !afterValue) {
      values.add(token.text)
      afterValue = true
    } else {
      throw new LabelSelectorError(`found '${token.text}', expected: ',' or ')'`)
    }
  }
}

const namePart = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

function checkKey(key: string): void {
  const parts = key.split('/')
  const name = parts.at(-1) ?? ''
  const prefix = parts.length === 2 ? parts[0] : undefined
  const good =
    parts.length <= 2 && name.length <= 63 && namePart.test(name) && (prefix === undefined || (prefix.length <= 253 && subdomain.test(prefix)))
  if (!good)
    throw new LabelSelectorError(`key: Invalid value: ${JSON.stringify(key)}: name part must consist of alphanumeric characters, '-', '_' or '.'`)
}

function checkValue(operator: LabelRequirement['operator'], value: string): void {
  if ((operator === 'greater' || operator === 'less') && toInt64(value) === undefined) {
    throw new LabelSelectorError(`values[0]: Invalid value: ${JSON.stringify(value)}: for 'Gt', 'Lt' operators, the value must be an integer`)
  }
  if (value !== '' && (value.length > 63 || !namePart.test(value))) {
    throw new LabelSelectorError(
      `values[0]: Invalid value: ${JSON.stringify(value)}: a valid label must consist of alphanumeric characters, '-', '_' or '.'`,
    )
  }
}

/** Go's strconv.ParseInt(text, 10, 64). */
function toInt64(text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined
  const value = BigInt(text.replace(/^\+/, ''))
  return BigInt.asIntN(64, value) === value ? value : undefined
}
