import { lazy, Suspense, useState } from 'react'
import { closeDialog, useUi, type DialogState } from './state/window/ui-store'
import type { DialogShell } from './components/overlays/dialog-shell'

// None of them is needed to paint the first screen.
const ShareDialog = lazy(async () => ({ default: (await import('./features/share/share-dialog')).ShareDialog }))
const AttachDialog = lazy(async () => ({ default: (await import('./features/clusters/attach-dialog')).AttachDialog }))
const StopClusterDialog = lazy(async () => ({ default: (await import('./features/clusters/stop-dialog')).StopClusterDialog }))
const RenameClusterDialog = lazy(async () => ({ default: (await import('./features/clusters/rename-dialog')).RenameClusterDialog }))
const ForgetClusterDialog = lazy(async () => ({ default: (await import('./features/clusters/forget-dialog')).ForgetClusterDialog }))
const CloseDialog = lazy(async () => ({ default: (await import('./features/clusters/close-dialog')).CloseDialog }))
const FailureDialog = lazy(async () => ({ default: (await import('./features/clusters/failure-dialog')).FailureDialog }))
const AddNodesDialog = lazy(async () => ({ default: (await import('./features/nodes/dialogs/add-nodes-dialog')).AddNodesDialog }))
const JoinDialog = lazy(async () => ({ default: (await import('./features/nodes/dialogs/join-dialog')).JoinDialog }))
const RemoveNodeDialog = lazy(async () => ({ default: (await import('./features/nodes/dialogs/node-dialogs')).RemoveNodeDialog }))
const DeleteNodeDialog = lazy(async () => ({ default: (await import('./features/nodes/dialogs/node-dialogs')).DeleteNodeDialog }))
const RejectNodeDialog = lazy(async () => ({ default: (await import('./features/nodes/dialogs/node-dialogs')).RejectNodeDialog }))
const TokenDialog = lazy(async () => ({ default: (await import('./features/access/token-dialog')).TokenDialog }))
const KeysDialog = lazy(async () => ({ default: (await import('./features/keys/keys-dialog')).KeysDialog }))

/** Shows the dialog that is asked for, and keeps it while it fades. */
export function DialogHost() {
  const asked = useUi((state) => state.dialog)
  const [shown, setShown] = useState<{ readonly dialog: DialogState; readonly turn: number }>()
  if (asked !== undefined && asked !== shown?.dialog) setShown({ dialog: asked, turn: (shown?.turn ?? 0) + 1 })
  if (shown === undefined) return null
  const shell: DialogShell = { open: asked !== undefined, onClose: closeDialog, onClosed: () => setShown(undefined) }
  return (
    <Suspense fallback={null}>
      <Shown key={shown.turn} dialog={shown.dialog} shell={shell} />
    </Suspense>
  )
}

function Shown({ dialog, shell }: { readonly dialog: DialogState; readonly shell: DialogShell }) {
  switch (dialog.kind) {
    case 'share':
      return <ShareDialog {...shell} clusterId={dialog.clusterId} />
    case 'attach':
      return <AttachDialog {...shell} url={dialog.url} testAtOnce={dialog.testAtOnce} />
    case 'stop-cluster':
      return <StopClusterDialog {...shell} clusterId={dialog.clusterId} />
    case 'rename-cluster':
      return <RenameClusterDialog {...shell} clusterId={dialog.clusterId} />
    case 'forget-cluster':
      return <ForgetClusterDialog {...shell} clusterId={dialog.clusterId} />
    case 'close':
      return <CloseDialog {...shell} clusters={dialog.clusters} />
    case 'failure':
      return <FailureDialog {...shell} title={dialog.title} failure={dialog.failure} />
    case 'add-nodes':
      return <AddNodesDialog {...shell} clusterId={dialog.clusterId} />
    case 'join-nodes':
      return <JoinDialog {...shell} clusterId={dialog.clusterId} />
    case 'remove-node':
      return <RemoveNodeDialog {...shell} clusterId={dialog.clusterId} node={dialog.node} />
    case 'delete-node':
      return <DeleteNodeDialog {...shell} clusterId={dialog.clusterId} node={dialog.node} />
    case 'reject-node':
      return <RejectNodeDialog {...shell} clusterId={dialog.clusterId} node={dialog.node} />
    case 'set-token':
      return <TokenDialog {...shell} clusterId={dialog.clusterId} changes={dialog.changes} />
    case 'keys':
      return <KeysDialog {...shell} />
  }
}
