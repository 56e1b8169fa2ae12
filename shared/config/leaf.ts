/**
 * When a change of a key takes hold. `live`: at once. `reconnect`: nodes or this node connect anew.
 * `restart`: at the next start of the node. `reset`: the node begins with empty state.
 */
type Effect = 'live' | 'reconnect' | 'restart' | 'reset'

/** What a key holds. The names are those used in error texts. */
type Kind = 'text' | 'integer' | 'boolean' | 'duration' | 'list' | 'map' | 'choice' | 'structure'

/** What is said of every key, beside its value. */
interface About {
  readonly effect: Effect
  /** One or two sentences: what it does, in which unit. */
  readonly documentation: string
  /** Never shown, logged or exported unmasked. */
  readonly secret?: boolean
  /** Why a node refuses to start when the key is set: what it asks for is not built, and going on without it would be unsafe or misleading. */
  readonly refused?: string
  /** Read and kept, so that a Bacalhau file works unchanged, but nothing acts on it yet. */
  readonly unused?: boolean
}

/** One key of the configuration: its value's type, default, bounds and documentation. Plain data, so that it loads in no time. */
export interface Leaf<Value> extends About {
  readonly leaf: true
  readonly kind: Kind
  readonly default: Value
  /** Bounds of an integer, both inclusive. */
  readonly range?: readonly [minimum: number, maximum: number]
  /** Words of a choice. */
  readonly choices?: readonly string[]
  /** The choice may also be given as the number of its word, from 0. */
  readonly numbered?: boolean
  /** Shape of a structure: whether it is a list of records or a map of records by name. */
  readonly shape?: 'records' | 'named-records'
}

/** Inner node of the key tree. */
export interface Branch {
  readonly [name: string]: Branch | Leaf<unknown>
}

/** The configuration that a tree of keys describes, every key filled. */
export type ConfigOf<Tree> = { readonly [Name in keyof Tree]: Tree[Name] extends Leaf<infer Value> ? Value : ConfigOf<Tree[Name]> }

/** Whether it is a key, and no inner node. */
export function isLeaf(node: Branch | Leaf<unknown>): node is Leaf<unknown> {
  return node.leaf === true
}

/** Any text; empty mostly stands for “not set”. */
export function text(value: string, about: About): Leaf<string> {
  return { leaf: true, kind: 'text', default: value, ...about }
}

/** A whole number; without a `range` any that JavaScript holds exactly. */
export function integer(value: number, about: About & { readonly range?: readonly [number, number] }): Leaf<number> {
  return { leaf: true, kind: 'integer', default: value, ...about }
}

/** A TCP port; 0 stands for any free one. */
export function port(value: number, about: About): Leaf<number> {
  return integer(value, { range: [0, 65_535], ...about })
}

/** `true` or `false`. */
export function flag(value: boolean, about: About): Leaf<boolean> {
  return { leaf: true, kind: 'boolean', default: value, ...about }
}

/** A duration in Go's syntax, kept as text in Go's own spelling (`1m0s`). */
export function duration(value: string, about: About): Leaf<string> {
  return { leaf: true, kind: 'duration', default: value, ...about }
}

/** Texts; on a command line and in the environment with commas between. */
export function list(value: readonly string[], about: About): Leaf<readonly string[]> {
  return { leaf: true, kind: 'list', default: value, ...about }
}

/** Texts by name; on a command line `a=b,c=d`. */
export function map(value: Readonly<Record<string, string>>, about: About): Leaf<Readonly<Record<string, string>>> {
  return { leaf: true, kind: 'map', default: value, ...about }
}

/** One of `choices`. */
export function choice<const Words extends readonly string[]>(
  value: Words[number],
  choices: Words,
  about: About & { readonly numbered?: boolean },
): Leaf<Words[number]> {
  return { leaf: true, kind: 'choice', default: value, choices, ...about }
}

/** Records by a name that the user chooses. Set in a file, never on the command line. */
export function namedRecords<Record_>(value: Readonly<Record<string, Record_>>, about: About): Leaf<Readonly<Record<string, Record_>>> {
  return { leaf: true, kind: 'structure', shape: 'named-records', default: value, ...about }
}

/** A list of records. Set in a file, never on the command line. */
export function records<Record_>(value: readonly Record_[], about: About): Leaf<readonly Record_[]> {
  return { leaf: true, kind: 'structure', shape: 'records', default: value, ...about }
}
