import { z } from 'zod'
import type {
  Access,
  AppFacts,
  AttachReport,
  Cluster,
  ConfigFileView,
  ConfigProblem,
  JoiningView,
  LogLine,
  NodesEvent,
  NodeShare,
  Preflight,
  SharePreview,
  TokenEffect,
} from './cluster'

declare const outputOf: unique symbol
/** One command of the contract: its input is checked in main, its output type travels with it. */
interface Command<Input extends z.ZodType, Output> {
  readonly input: Input
  readonly [outputOf]?: Output
}
function command<Output>() {
  return <Input extends z.ZodType>(input: Input): Command<Input, Output> => ({ input })
}

const nothing = z.undefined()
const clusterId = z.string().min(1).max(64)
const nodeName = z.string().min(1).max(128)
const ofCluster = z.object({ clusterId })
const ofNode = z.object({ clusterId, node: nodeName })
const token = z.string().max(4096)

/** Everything the window may ask of the main process. A new command touches this table, its handler and its caller. */
export const commands = {
  'app.facts': command<AppFacts>()(nothing),
  'app.setTheme': command<AppFacts>()(z.object({ theme: z.enum(['system', 'light', 'dark']) })),
  /** The answer to "do nodes go on?" when the window closes. */
  'app.closeAnswer': command<void>()(z.object({ choice: z.enum(['keep-running', 'stop-all', 'stay']), remember: z.boolean() })),
  'app.openFolder': command<void>()(ofCluster),

  'clusters.list': command<readonly Cluster[]>()(nothing),
  'clusters.preflight': command<Preflight>()(z.object({ name: z.string().max(64).optional() })),
  'clusters.create': command<{ readonly clusterId: string }>()(z.object({ name: z.string().min(1).max(64) })),
  'clusters.start': command<void>()(ofCluster),
  'clusters.cancelStart': command<void>()(ofCluster),
  'clusters.stop': command<void>()(ofCluster),
  'clusters.testAttach': command<AttachReport>()(z.object({ url: z.string().max(2048) })),
  'clusters.attach': command<{ readonly clusterId: string }>()(z.object({ url: z.string().max(2048), name: z.string().max(64).optional() })),
  'clusters.retry': command<void>()(ofCluster),
  'clusters.rename': command<void>()(z.object({ clusterId, name: z.string().min(1).max(64), colour: z.number().int().min(1).max(8).optional() })),
  /** Forgets the cluster; its data directory is kept unless `deleteData`. */
  'clusters.forget': command<void>()(z.object({ clusterId, deleteData: z.boolean() })),

  /** Opens the cluster's feed for this window; a snapshot event follows, then changes. */
  'nodes.open': command<void>()(ofCluster),
  'nodes.share': command<NodeShare>()(z.object({ clusterId, count: z.number().int().min(1).max(64) })),
  'nodes.add': command<{ readonly names: readonly string[] }>()(z.object({ clusterId, count: z.number().int().min(1).max(64) })),
  /** How nodes of this machine join an attached cluster. */
  'nodes.joining': command<JoiningView>()(ofCluster),
  /** Adds nodes that join an attached cluster so; tried with the first. Without a token the one of the nodes that are here stays. */
  'nodes.join': command<{ readonly names: readonly string[] }>()(
    z.object({ clusterId, count: z.number().int().min(1).max(64), addresses: z.string().max(4096), token: token.optional() }),
  ),
  'nodes.start': command<void>()(ofNode),
  'nodes.stop': command<void>()(ofNode),
  'nodes.restart': command<void>()(ofNode),
  /** Stops a local node and forgets it on this machine. */
  'nodes.remove': command<void>()(ofNode),
  'nodes.approve': command<void>()(ofNode),
  'nodes.reject': command<void>()(z.object({ clusterId, node: nodeName, message: z.string().max(1024).optional() })),
  'nodes.delete': command<void>()(ofNode),

  'access.get': command<Access>()(ofCluster),
  'access.reveal': command<{ readonly token: string }>()(ofCluster),
  'access.generate': command<{ readonly token: string }>()(nothing),
  'access.weigh': command<TokenEffect>()(z.object({ clusterId, token })),
  'access.setToken': command<Access>()(z.object({ clusterId, token })),
  /** Copies the token, or a command with the token in it, and clears the clipboard after 30 s if it still holds it. */
  'access.copy': command<{ readonly clearedAfterMs: number }>()(
    z.object({
      clusterId,
      what: z.union([z.object({ kind: z.literal('token') }), z.object({ kind: z.literal('command'), index: z.number().int().min(0) })]),
    }),
  ),
  'app.copyText': command<void>()(z.object({ text: z.string().max(1_000_000) })),

  'share.preview': command<SharePreview>()(ofCluster),
  'share.apply': command<void>()(z.object({ clusterId, address: z.string().max(64), token: token.optional() })),
  'share.undo': command<void>()(ofCluster),

  'config.read': command<ConfigFileView>()(ofNode),
  'config.validate': command<readonly ConfigProblem[]>()(z.object({ text: z.string().max(1_000_000) })),
  'config.save': command<ConfigFileView>()(
    z.object({ clusterId, node: nodeName, text: z.string().max(1_000_000), base: z.string(), restart: z.boolean() }),
  ),

  'logs.open': command<{ readonly lines: readonly LogLine[] }>()(z.object({ clusterId, node: nodeName })),
  'logs.close': command<void>()(ofNode),
} as const

type Commands = typeof commands
/** `topic.verb`. */
export type CommandName = keyof Commands
/** What the window gives; main checks it with the command’s schema. */
export type CommandInput<Name extends CommandName> = z.infer<Commands[Name]['input']>
/** What main answers when the command succeeds. */
export type CommandOutput<Name extends CommandName> = Commands[Name] extends Command<z.ZodType, infer Output> ? Output : never

/** What main tells the window. Small topics come whole, tables as whole rows, at most once a frame. */
export interface Events {
  readonly 'clusters.changed': readonly Cluster[]
  readonly 'nodes.changed': NodesEvent
  readonly 'logs.appended': { readonly clusterId: string; readonly node: string; readonly lines: readonly LogLine[] }
  readonly 'app.changed': AppFacts
  /** The window is being closed while nodes run: ask the user. */
  readonly 'app.closeAsked': { readonly clusters: readonly { readonly name: string; readonly nodes: number }[] }
}
/** `topic.changed`, or what has happened. */
export type EventName = keyof Events

/** What main has to serve: a missing command does not compile. */
export type Handlers = { readonly [Name in CommandName]: (input: CommandInput<Name>) => Promise<CommandOutput<Name>> | CommandOutput<Name> }

export { commandChannel, eventChannel, type Answer, type Bridge } from './bridge'
