import { AppError } from '../../../shared/errors'
import type { OutputFlags } from '../output/format'
import { printObject } from '../output/format'
import type { Session } from '../session'

/** `shoal node describe ID` */
export async function describeNode(session: Session, id: string, flags: OutputFlags): Promise<void> {
  const { raw } = await session.withClient((client) => client.ask('getNode', { params: { id } }))
  await printObject(session.io, flags, typeof raw === 'object' && raw !== null && 'Node' in raw ? raw.Node : raw)
}

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
