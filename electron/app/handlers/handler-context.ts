import type { AppFacts } from '../../../shared/cluster'
import type { CommandName, Handlers } from '../../../shared/ipc'
import type { Logger } from '../../log/logger'
import type { ClipboardGuard } from '../window/clipboard-guard'
import type { CloseQuestion } from '../window/close-question'
import type { ClusterSet } from '../clusters/cluster-set'
import type { Publish } from '../ipc/ipc'
import type { TokensMade } from '../clusters/tokens-made'

/** What the handlers work with. Everything of Electron's comes in as a function. */
export interface HandlerContext {
  readonly clusters: ClusterSet
  readonly publish: Publish
  readonly log: Logger
  readonly closeQuestion: CloseQuestion
  readonly clipboard: ClipboardGuard
  readonly tokensMade: TokensMade
  /** Clusters whose nodes the window shows. */
  readonly opened: Set<string>
  readonly facts: () => AppFacts
  readonly setTheme: (theme: AppFacts['theme']) => void
  readonly copyText: (text: string) => Promise<void> | void
  /** Shows a folder in the system's file manager; resolves with what went wrong, empty when nothing did. */
  readonly openFolder: (path: string) => Promise<string>
  readonly findNatsServer: () => Promise<{ readonly version: string; readonly path: string }>
  /** The folder that holds clusters, for people. */
  readonly clustersFolder: { readonly path: string; readonly shown: string }
}

/** The handlers of one topic: those whose commands begin with it. */
export type HandlersOf<Topic extends string> = Pick<Handlers, Extract<CommandName, `${Topic}.${string}`>>
