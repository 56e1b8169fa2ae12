import { computeStates } from '../../../shared/models/execution'
import { lostWithNode } from '../../../shared/placement/lost-execution'
import type { Draft } from './draft'

/** Work on nodes that are gone is given up. A node in its grace keeps what it has. */
export function giveUpLostNodes(draft: Draft): void {
  for (const execution of draft.live()) {
    if (draft.input.standing(execution.NodeID) !== 'lost') continue
    draft.stop(execution, {
      compute: computeStates.Failed,
      message: lostWithNode(execution.NodeID),
      details: { IsError: 'true', NodeID: execution.NodeID },
    })
  }
}
