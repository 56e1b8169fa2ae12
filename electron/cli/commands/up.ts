import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { hostPort } from '../../../shared/address'
import { AppError } from '../../../shared/errors'
import { noFlags } from '../../config/parsed-flags'
import { resolveDataDirectory } from '../../config/resolve-config'
import { createLocalCluster } from '../../local/cluster/create-local-cluster'
import type { HostLauncher } from '../../local/hosts/host-launcher'
import { networkAddresses } from '../../local/joining/listen-address'
import type { LocalCluster } from '../../local/cluster/local-cluster'
import { createNodeLauncher } from '../../local/hosts/node-launcher'
import { safeName } from '../../local/nodes/node-names'
import { createFileSink } from '../../log/file-sink'
import { createLogger } from '../../log/logger'
import { createRotatingFile } from '../../log/rotating-file'
import { stopWhenParentIsGone } from '../../process/parent-watch'
import type { Session } from '../session'
import { followCluster } from '../up/follow-cluster'
import { joinLines } from '../up/join-lines'
import type { UpState } from '../up/up-screen'
import { createUpView } from '../up/up-view'

/** `nodes`: so many compute nodes at least. `local`: stays on this machine, without a token. */
export interface UpFlags {
  readonly nodes?: number
  readonly name: string
  readonly local?: boolean
}

/**
 * `shoal up`: an orchestrator and compute nodes, each a process of its own, with a live view until Ctrl-C. The cluster's folder stays:
 * the next `up` of that name takes it up again. Resolves with the exit code.
 */
export async function up(session: Session, flags: UpFlags, launcher: HostLauncher | undefined): Promise<number> {
  refuseForeignFlags(session)
  const { io } = session
  const name = safeName(flags.name)
  if (name === '')
    throw new AppError('cli.bad-value', `"${flags.name}" cannot be the name of a cluster.`, { hint: 'Use letters, digits and dashes.' })
  const dataDir = await resolveDataDirectory({
    flags: { ...noFlags, ...(session.flags.dataDir === undefined ? {} : { dataDir: session.flags.dataDir }) },
    env: io.env,
    cwd: io.cwd,
    homeDir: io.homeDir,
  })
  const folder = join(dataDir, 'clusters', name)
  const logFile = createRotatingFile({ path: join(folder, 'logs', 'up.log') })
  const secrets: string[] = []
  const log = createLogger({ sinks: [createFileSink(logFile, 'default')], level: 'info', secrets: () => secrets })
  const cluster = await createLocalCluster({
    folder,
    name,
    computeNodes: flags.nodes ?? 1,
    launcher: launcher ?? createNodeLauncher({ hostEntry: join(__dirname, 'node.js'), execPath: process.execPath }),
    env: io.env,
    log,
  })
  try {
    secrets.push((await cluster.token()).token)
    await prepare(cluster, flags)
    return await run(session, cluster, folder)
  } finally {
    await logFile.close()
  }
}

/** As many nodes as asked for, open or not, before anything runs. */
async function prepare(cluster: LocalCluster, { nodes, local }: UpFlags): Promise<void> {
  const present = cluster.view.localNodes.filter((node) => node.role === 'compute').length
  if (nodes !== undefined && nodes > present) await cluster.addNodes(nodes - present)
  if (local === true) await cluster.unshare()
  else await cluster.share('0.0.0.0')
}

async function run({ io }: Session, cluster: LocalCluster, folder: string): Promise<number> {
  const view = createUpView(io)
  const followed = followCluster(cluster, () => view.show(stateNow()))
  const stateNow = (): UpState => {
    const { name, phase, apiUrl, reach, notices, localNodes } = cluster.view
    const [orchestrator] = localNodes
    const configFile = orchestrator === undefined ? '' : cluster.configFile(orchestrator.name)
    const addresses = networkAddresses(networkInterfaces()).map(({ address }) => address)
    return {
      name,
      phase,
      apiUrl,
      natsAddress: reach === undefined || apiUrl === undefined ? undefined : `${hostPort(reach)}, token needed to join`,
      folder,
      notices,
      join: reach === undefined ? [] : joinLines({ addresses, reach, configFile }),
      ...followed.now(),
    }
  }
  const ticking = io.stdout.isTerminal ? setInterval(() => view.show(stateNow()), 1000) : undefined
  const end = waitForEnd(cluster)
  try {
    view.show(stateNow())
    await Promise.race([cluster.start(), end.asked])
    const failed = await Promise.race([end.asked.then(() => undefined), end.failed])
    if (failed !== undefined) throw failed
    return 0
  } catch (error) {
    if (end.wasAsked()) return 0
    throw error
  } finally {
    await cluster.stop()
    clearInterval(ticking)
    followed.close()
    end.forget()
    view.show(stateNow())
    view.end()
  }
}

interface End {
  /** Resolves when somebody wants everything to stop. */
  readonly asked: Promise<void>
  /** Resolves with the reason when the cluster has given up by itself. */
  readonly failed: Promise<AppError>
  wasAsked(): boolean
  forget(): void
}

function waitForEnd(cluster: LocalCluster): End {
  let asks = 0
  const undo: (() => void)[] = []
  const asked = new Promise<void>((resolve) => {
    const stop = (): void => {
      asks += 1
      resolve()
      // Somebody who asks twice does not want to wait.
      if (asks > 1) void cluster.kill()
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, stop)
      undo.push(() => process.off(signal, stop))
    }
    const watch = stopWhenParentIsGone({ signs: ['npm'], onGone: stop })
    undo.push(() => watch.end())
  })
  const failed = new Promise<AppError>((resolve) => {
    let ran = false
    undo.push(
      cluster.on(() => {
        const { phase } = cluster.view
        ran ||= phase.kind === 'running'
        if (ran && phase.kind === 'failed') resolve(new AppError(phase.failure.code, phase.failure.message, phase.failure))
      }),
    )
  })
  return { asked, failed, wasAsked: () => asks > 0, forget: () => undo.forEach((step) => step()) }
}

/** A cluster's configuration is in its folder: a flag that would be lost, or kept for good, is refused. */
function refuseForeignFlags({ flags }: Session): void {
  const [key] = flags.keys.filter(({ name }) => name !== 'Logging.Level')
  const wrong = key?.flag ?? (flags.config[0] === undefined ? undefined : `-c ${flags.config[0].split('=')[0] ?? ''}`)
  if (wrong === undefined) return
  throw new AppError('cli.flag-not-here', `shoal up does not take ${wrong}: the cluster's configuration is in its folder.`, {
    hint: 'Change it with `shoal config set -c FOLDER/config.yaml KEY=VALUE`; shoal up shows the folder.',
  })
}
