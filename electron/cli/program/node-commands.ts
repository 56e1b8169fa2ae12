import type { Command } from 'commander'
import { Option } from 'commander'
import type { NodeAction } from '../commands/node-act'
import { actOnNode, describeNode } from '../commands/node-act'
import type { NodeListFlags } from '../commands/node-list'
import { listNodes } from '../commands/node-list'
import type { OutputFlags } from '../output/format'
import type { Session } from '../session'
import { objectOutput, oneOf, parseCount, pretty, tableFlags } from './flags'

const actions: readonly { readonly action: NodeAction; readonly about: string }[] = [
  { action: 'approve', about: 'let a waiting or rejected node in' },
  { action: 'reject', about: 'shut a node out; it stays known, and can be approved again' },
  { action: 'delete', about: 'forget a node; one that still runs comes back as a new one' },
]

/** `shoal node …` */
export function addNodeCommands(program: Command, session: Session): void {
  const node = program.command('node').description('the nodes of a cluster: list, describe, approve, reject, delete')
  const list = node
    .command('list')
    .description('list the nodes that an orchestrator knows, itself included')
    .addOption(
      new Option('--show <groups>', 'further columns: labels, version, features, capacity')
        .argParser((text) =>
          text
            .split(',')
            .map((part) => part.trim())
            .filter((part) => part !== ''),
        )
        .default(['labels', 'capacity'], 'labels,capacity'),
    )
    .addOption(new Option('--labels <selector>', "nodes with these labels only: 'zone=north,tier in (gold,silver),!old'"))
    .addOption(
      new Option('--filter-approval <state>', 'approved, pending or rejected nodes only').argParser(
        oneOf('filter-approval', ['approved', 'pending', 'rejected']),
      ),
    )
    .addOption(
      new Option('--filter-status <state>', 'connected or disconnected nodes only').argParser(oneOf('filter-status', ['connected', 'disconnected'])),
    )
    .addOption(new Option('--order-by <field>', 'id, type, available_cpu, available_memory, available_disk, available_gpu, approval or status'))
    .addOption(new Option('--order-reversed', 'the other way round'))
    .addOption(new Option('--limit <count>', 'so many at most').argParser(parseCount))
    .addOption(new Option('--next-token <token>', 'without effect: nodes come in one list'))
  for (const option of tableFlags()) list.addOption(option)
  list
    .action((flags: NodeListFlags) => listNodes(session, flags))
    .addHelpText(
      'after',
      '\nExamples:\n  shoal node list --filter-status disconnected\n  shoal node list --labels zone=north --show version --output json',
    )

  node
    .command('describe')
    .description('everything that is known of one node')
    .argument('<id>', 'its id, or the beginning of it')
    .addOption(new Option('--work', 'also what it has to do: executions that run or wait, and what they take (orchestrators of Shoal)'))
    .addOption(objectOutput())
    .addOption(pretty())
    .action((id: string, flags: OutputFlags & { readonly work?: boolean }) => describeNode(session, id, flags))

  for (const { action, about } of actions) {
    node
      .command(action)
      .description(about)
      .argument('<id>', 'its id, or the beginning of it')
      .option('-m, --message <text>', 'why; an orchestrator of Shoal keeps it', '')
      .action((id: string, flags: { readonly message: string }) => actOnNode(session, action, id, flags.message))
  }
}
