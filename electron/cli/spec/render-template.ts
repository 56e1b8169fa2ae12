import { AppError, messageOf } from '../../../shared/errors'
import type { Node } from './template/parse-template'
import { parseTemplate } from './template/parse-template'
import type { Operand, Pipeline, Value } from './template/read-pipeline'
import { splitActions } from './template/split-actions'
import { notUnderstood } from './template/template-fault'
import { isTrue, templateFunctions, textOf } from './template/template-functions'

/** What names stand for at one place of a template. */
interface Scope {
  readonly dot: Value
  /** `$` and those that the template has set; inner blocks see what is set in outer ones. */
  readonly names: Map<string, Value>
  readonly outer?: Scope
}

/**
 * A job's text with its template carried out: Go's template language with its functions, without named templates (`define`, `template`, `block`).
 * Throws `template.missing` for a variable without a value, `template.unsupported` for what is not understood.
 */
export function renderTemplate(text: string, variables: Readonly<Record<string, string>>): string {
  const scope: Scope = { dot: variables, names: new Map([['$', variables]]) }
  return rendered(parseTemplate(splitActions(text)), scope)
}

function rendered(nodes: readonly Node[], scope: Scope): string {
  return nodes.map((node) => (node.kind === 'text' ? node.text : node.kind === 'output' ? output(node.pipeline, scope) : block(node, scope))).join('')
}

function output(pipeline: Pipeline, scope: Scope): string {
  const value = evaluate(pipeline, scope)
  if (pipeline.sets === undefined) return textOf(value)
  set(pipeline, value, scope)
  return ''
}

function block({ kind, pipeline, body, otherwise }: Extract<Node, { readonly kind: 'if' | 'with' | 'range' }>, outer: Scope): string {
  const inner = (dot: Value): Scope => ({ dot, names: new Map(), outer })
  const value = evaluate(pipeline, outer)
  if (kind === 'range' && typeof value !== 'object')
    throw notUnderstood(pipeline.line, 'range goes over a map, such as {{range $name, $value := .}}.')
  if (!isTrue(value)) return rendered(otherwise, inner(outer.dot))
  if (kind !== 'range' || typeof value !== 'object') {
    const scope = inner(kind === 'with' ? value : outer.dot)
    if (pipeline.sets !== undefined) set(pipeline, value, scope)
    return rendered(body, scope)
  }
  return Object.keys(value)
    .sort()
    .map((key) => {
      const scope = inner(value[key] ?? '')
      const [first, second] = pipeline.sets?.names ?? []
      if (first !== undefined) scope.names.set(first, second === undefined ? (value[key] ?? '') : key)
      if (second !== undefined) scope.names.set(second, value[key] ?? '')
      return rendered(body, scope)
    })
    .join('')
}

function set({ sets, line }: Pipeline, value: Value, scope: Scope): void {
  const [name = ''] = sets?.names ?? []
  const owner = sets?.isNew === true ? scope : ownerOf(name, scope)
  if (owner === undefined || sets?.names.length !== 1) throw notUnderstood(line, `${name} is set nowhere: write ${name} := first.`)
  owner.names.set(name, value)
}

function ownerOf(name: string, scope: Scope | undefined): Scope | undefined {
  return scope === undefined || scope.names.has(name) ? scope : ownerOf(name, scope.outer)
}

function evaluate({ commands, line }: Pipeline, scope: Scope): Value {
  return commands.reduce<Value | undefined>((piped, words) => command(words, piped, scope, line), undefined) ?? ''
}

function command([first, ...others]: readonly Operand[], piped: Value | undefined, scope: Scope, line: number): Value {
  if (first?.kind === 'function') {
    const lazy = others.map((operand) => () => operandValue(operand, scope, line))
    return call(first.name, piped === undefined ? lazy : [...lazy, () => piped], line)
  }
  if (first === undefined || others.length > 0 || piped !== undefined)
    throw notUnderstood(line, 'arguments are given to something that is no function.')
  return operandValue(first, scope, line)
}

function call(name: string, values: readonly (() => Value)[], line: number): Value {
  if (name === 'and' || name === 'or') {
    let last: Value = ''
    for (const value of values) {
      last = value()
      if (isTrue(last) === (name === 'or')) break
    }
    return last
  }
  const known = Object.hasOwn(templateFunctions, name) ? templateFunctions[name] : undefined
  if (known === undefined) throw notUnderstood(line, `there is no function ${name}.`)
  const given = values.map((value) => value())
  try {
    return known(...given)
  } catch (error) {
    throw notUnderstood(line, `${messageOf(error)}.`)
  }
}

function operandValue(operand: Operand, scope: Scope, line: number): Value {
  switch (operand.kind) {
    case 'value':
      return operand.value
    case 'pipeline':
      return evaluate(operand.pipeline, scope)
    case 'function':
      return call(operand.name, [], line)
    case 'place': {
      const { variable, fields } = operand
      const owner = variable === undefined ? undefined : ownerOf(variable, scope)
      if (variable !== undefined && owner === undefined) throw notUnderstood(line, `${variable} is set nowhere.`)
      return fields.reduce<Value>((value, field) => fieldOf(value, field, line), owner?.names.get(variable ?? '') ?? scope.dot)
    }
  }
}

function fieldOf(value: Value, name: string, line: number): string {
  if (typeof value !== 'object') throw notUnderstood(line, `.${name} is asked of a ${typeof value === 'string' ? 'text' : typeof value}.`)
  const found = Object.hasOwn(value, name) ? value[name] : undefined
  if (found !== undefined) return found
  throw new AppError('template.missing', `line ${line}: there is no value for {{.${name}}}.`, {
    hint: `Add -V ${name}=VALUE, or -E '^${name}$' to take it from the environment, or --no-template.`,
  })
}
