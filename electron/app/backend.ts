import path from 'node:path'
import { clipboard, shell } from 'electron'
import { homedir } from 'node:os'
import type { Logger } from '../log/logger'
import { findNatsServer } from '../local/nats-server-place'
import { createAnswer } from './ipc/answer-command'
import { appFacts, applyTheme, onThemeChanged } from './app-facts'
import { createClipboardGuard } from './window/clipboard-guard'
import type { Cluster } from '../../shared/cluster'
import type { CloseQuestion, RunningCluster } from './window/close-question'
import { openClusterSet, type ClusterSet } from './clusters/cluster-set'
import { createHandlers } from './handlers/all-handlers'
import type { AnswerCommand, Publish } from './ipc/ipc'
import type { PreferencesFile } from './preferences'
import { createTokensMade } from './clusters/tokens-made'
import type { UserData } from './user-data'
import { createUtilityLauncher } from './hosts/utility-launcher'

/** What main gives to all that stands behind the window. */
export interface BackendOptions {
  /** The folder of the built program. */
  readonly bundle: string
  readonly data: UserData
  readonly preferences: PreferencesFile
  readonly sandboxed: boolean
  readonly publish: Publish
  readonly closeQuestion: CloseQuestion
  /** Called with all clusters whenever one shows something else. */
  readonly onClusters: (clusters: readonly Cluster[]) => void
  readonly log: Logger
}

/** All that stands behind the window. */
export interface Backend {
  readonly answer: AnswerCommand
  /** Clusters whose nodes run on this machine now. */
  running(): readonly RunningCluster[]
  /** Ends every process that was started. Never rejects. */
  stopAll(deadlineMs: number): Promise<void>
}

/** Takes the remembered clusters up. */
export async function createBackend({
  bundle,
  data,
  preferences,
  sandboxed,
  publish,
  closeQuestion,
  onClusters,
  log,
}: BackendOptions): Promise<Backend> {
  const opened = new Set<string>()
  const facts = () => appFacts(preferences.current, sandboxed)
  const guard = createClipboardGuard(clipboard)
  const clusters = await openClusterSet({
    folder: data.clusters,
    launcher: createUtilityLauncher({ hostEntry: path.join(bundle, 'node.js') }),
    env: process.env,
    log,
    onChange: (list) => {
      publish('clusters.changed', list())
      onClusters(list())
    },
    onNodes: (event) => {
      if (opened.has(event.clusterId)) publish('nodes.changed', event)
    },
  })
  const handlers = createHandlers({
    clusters,
    publish,
    log,
    closeQuestion,
    clipboard: guard,
    tokensMade: createTokensMade(),
    opened,
    facts,
    setTheme: (theme) => {
      preferences.update({ theme })
      applyTheme(theme)
    },
    copyText: (text) => clipboard.writeText(text),
    openFolder: (folder) => shell.openPath(folder),
    findNatsServer: () => findNatsServer(bundle, process.env),
    clustersFolder: { path: data.clusters, shown: withTilde(data.clusters) },
  })
  onThemeChanged(() => publish('app.changed', facts()))
  return {
    answer: createAnswer(handlers, log),
    running: () => clusters.list().flatMap(runningPart),
    stopAll: async (deadlineMs) => {
      await Promise.all([guard.clearNow(), clusters.close(deadlineMs)])
    },
  }
}

function runningPart({ name, phase, localNodes }: ReturnType<ClusterSet['list']>[number]): readonly RunningCluster[] {
  const nodes = localNodes.filter(({ state }) => state.kind !== 'stopped' && state.kind !== 'failed').length
  return nodes > 0 && phase.kind !== 'stopped' ? [{ name, nodes }] : []
}

function withTilde(folder: string): string {
  const home = homedir()
  return folder.startsWith(home + path.sep) ? `~${folder.slice(home.length)}` : folder
}
