import { AppError } from '../../../shared/errors'
import type { NodeWork } from '../../../shared/models/node-row'
import type { Client } from '../../client/http-client'
import type { OutputFlags } from '../output/format'
import { printObject } from '../output/format'
import type { Session } from '../session'

/** `shoal node describe ID`; `--work` adds what the orchestrator has given the node to do. */
export async function describeNode(session: Session, id: string, flags: OutputFlags & { readonly work?: boolean }): Promise<void> {
  const described = await session.withClient(async (client) => {
    const { raw } = await client.ask('getNode', { params: { id } })
    const node = typeof raw === 'object' && raw !== null && 'Node' in raw ? raw.Node : raw
    return flags.work === true && typeof node === 'object' ? { ...node, Work: await workOf(client, id) } : node
  })
  await printObject(session.io, flags, described)
}

async function workOf(client: Client, id: string): Promise<NodeWork | undefined> {
  try {
    return (await client.call('shoalNode', { params: { id } })).work
  } catch (cause) {
    // The node is there: it is the question that this orchestrator does not know.
    if (!(cause instanceof AppError) || cause.details?.['status'] !== '404') throw cause
    throw new AppError('node.work-not-told', 'This orchestrator does not tell what its nodes have to do.', {
      hint: 'Only those of Shoal tell. Leave --work out.',
      cause,
    })
  }
}

/** As `PUT /nodes/:id` names them. */
export type NodeAction = 'approve' | 'reject' | 'delete'

/** `shoal node approve|reject|delete ID` */
export async function actOnNode(session: Session, action: NodeAction, id: string, message: string): Promise<void> {
  const answer = await session.withClient((client) =>
    client.call('updateNode', { params: { id }, body: { Action: action, Message: message, NodeID: id } }),
  )
  if (!answer.Success)
    throw new AppError('node.not-changed', answer.Error ?? `The orchestrator did not ${action} ${id}.`, {
      hint: `Run \`shoal node describe ${id}\` to see how it stands.`,
    })
  session.io.stdout.write('Ok\n')
}
