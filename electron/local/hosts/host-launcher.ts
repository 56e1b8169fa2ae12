import type { HostOrder } from '../../../shared/host-report'
import type { Child } from '../../process/child'

/** What a role host is started with. Secrets are in its configuration file, never here. */
export interface HostRequest {
  /** The node's name, for messages. */
  readonly name: string
  /** Flags as of `shoal serve`. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Where its pid is written down, so that the next start can end what a crash left. */
  readonly pidRecord: string
}

/** A role host that runs: a process with a message channel. */
export interface HostChild extends Child {
  /** Lost when the channel has ended. */
  send(order: HostOrder): void
  onMessage(listener: (message: unknown) => void): () => void
  /** Each line of its output from now on. */
  onLine(listener: (line: string) => void): () => void
}

/** How a role host is started: `child_process` in plain Node, `utilityProcess` in Electron (where running as Node is switched off). */
export interface HostLauncher {
  launch(request: HostRequest): Promise<HostChild>
}
