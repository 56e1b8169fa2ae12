import { useEffect, useState, useSyncExternalStore } from 'react'
import { useNodes } from '../../../../state/nodes/nodes-store'
import { ListFollower, type NodeList } from './list-follower'
import { useListView } from './list-view-store'

/** The lines of the list, and a way to hold their order while someone points into it. */
export function useNodeList(): readonly [list: NodeList, hold: (held: boolean) => void] {
  const [follower] = useState(() => {
    const made = new ListFollower(useListView.getState())
    made.setFold(useNodes.getState().fold)
    return made
  })
  useEffect(() => {
    const stopNodes = useNodes.subscribe(({ fold }) => follower.setFold(fold))
    const stopView = useListView.subscribe((view) => follower.setView(view))
    follower.setFold(useNodes.getState().fold)
    follower.setView(useListView.getState())
    return () => {
      stopNodes()
      stopView()
      follower.stop()
    }
  }, [follower])
  const list = useSyncExternalStore(follower.subscribe, follower.list)
  return [list, (held) => follower.hold(held)]
}
