import { useState, type KeyboardEvent } from 'react'
import { useNodes } from '../../../../state/nodes/nodes-store'
import { selectNode, setInspectorOpen, useUi } from '../../../../state/window/ui-store'
import { useClusterView } from '../../cluster-context'
import { canDo, type NodeAct } from '../../node-acts'
import { addNodes, runNodeAct } from '../../run-node-act'
import type { ListItem } from './order-nodes'

interface ListKeysOptions {
  readonly items: readonly ListItem[]
  readonly press: (item: ListItem) => void
  readonly reveal: (index: number) => void
  readonly pageRows: () => number
}

interface ListKeys {
  /** Key of the line on which the keyboard is. */
  readonly cursor: string | undefined
  readonly setCursor: (key: string) => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

/** Letters and the acts they try, in order. */
const letters: Readonly<Record<string, readonly NodeAct[]>> = { s: ['start', 'stop'], r: ['restart'], l: ['log'], c: ['copy'], e: ['config'] }

/** The keys of the list: up and down, open and close, and the acts of the row at hand. */
export function useListKeys({ items, press, reveal, pageRows }: ListKeysOptions): ListKeys {
  const view = useClusterView()
  const { clusterId, live } = view
  const selectedNode = useUi((state) => state.selectedNode)
  const inspectorOpen = useUi((state) => state.inspectorOpen)
  const [line, setLine] = useState<string>()
  const cursor = line ?? (selectedNode === undefined ? undefined : `node:${selectedNode}`)
  const at = items.findIndex(({ key }) => key === cursor)

  const moveTo = (index: number): void => {
    const item = items[Math.min(items.length - 1, Math.max(0, index))]
    if (item === undefined) return
    setLine(item.key)
    if (item.kind === 'node') selectNode(item.entry.id)
    reveal(items.indexOf(item))
  }
  const act = (tried: readonly NodeAct[]): boolean => {
    const item = items[at]
    const entry = item?.kind === 'node' ? useNodes.getState().fold?.entries.get(item.entry.id) : undefined
    const found = entry && tried.find((one) => canDo(entry, one, live))
    if (entry === undefined || found === undefined) return false
    void runNodeAct(found, clusterId, entry.id)
    return true
  }
  const onKey = (event: KeyboardEvent): boolean => {
    if (event.ctrlKey || event.metaKey || event.altKey) return false
    switch (event.key) {
      case 'ArrowDown':
      case 'j':
        moveTo(at + 1)
        return true
      case 'ArrowUp':
      case 'k':
        moveTo(at === -1 ? 0 : at - 1)
        return true
      case 'PageDown':
        moveTo(at + pageRows())
        return true
      case 'PageUp':
        moveTo(at - pageRows())
        return true
      case 'Home':
        moveTo(0)
        return true
      case 'End':
        moveTo(items.length - 1)
        return true
      case 'Enter':
        return open()
      case 'i':
        if (selectedNode === undefined) return false
        setInspectorOpen(!inspectorOpen)
        return true
      case 'Escape':
        if (!inspectorOpen) return false
        setInspectorOpen(false)
        return true
      case 'n':
        void addNodes(view, 1)
        return true
      default: {
        const tried = letters[event.key]
        return tried !== undefined && act(tried)
      }
    }
  }
  const open = (): boolean => {
    const item = items[at]
    if (item === undefined) return false
    if (item.kind === 'node') {
      selectNode(item.entry.id)
      setInspectorOpen(true)
    } else press(item)
    return true
  }
  return {
    cursor,
    setCursor: setLine,
    onKeyDown: (event) => {
      // A letter after `g` says where to go: the window takes it before the list does.
      if (event.target === event.currentTarget && onKey(event)) {
        event.preventDefault()
        event.stopPropagation()
      }
    },
  }
}
