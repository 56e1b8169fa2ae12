import { lazy, Suspense, useMemo, useRef } from 'react'
import type { Cluster, LocalNode } from '../../../shared/cluster'
import { Button } from '../../components/buttons/button'
import { Empty } from '../../components/notes/empty'
import { ErrorCard } from '../../components/notes/error-card'
import { ChoiceMenu } from '../../components/overlays/choice-menu'
import { MenuItem } from '../../components/overlays/menu'
import { Note } from '../../components/notes/note'
import { SkeletonRows } from '../../components/signs/skeleton'
import surface from '../../components/surface.module.css'
import { t } from '../../i18n/i18n'
import { useFacts } from '../../state/facts-store'
import { nodeOf } from '../../state/window/place'
import { go, useUi } from '../../state/window/ui-store'
import text from '../../theme/text.module.css'
import { changedKeys } from './changed-keys'
import type { ConfigEditorHandle } from './config-editor'
import styles from './config.module.css'
import { diffLines } from './line-diff'
import { Review } from './review'
import { shortPath } from '../../i18n/short-path'
import { CONFLICT, useConfigFile, type ConfigFileEditing } from './use-config-file'

const ConfigEditor = lazy(async () => ({ default: (await import('./config-editor')).ConfigEditor }))

/** `config.yaml` of the nodes that this machine runs. */
export function ConfigScreen({ cluster }: { readonly cluster: Cluster }) {
  const asked = useUi((state) => nodeOf(state.place))
  const node = cluster.localNodes.find(({ name }) => name === asked) ?? cluster.localNodes[0]
  if (node === undefined) return <Empty title={t('config.noNodes', { cluster: cluster.name })} reason={t('config.noNodesReason')} />
  return <NodeConfig key={`${cluster.id}/${node.name}`} cluster={cluster} node={node} />
}

function NodeConfig({ cluster, node }: { readonly cluster: Cluster; readonly node: LocalNode }) {
  const editing = useConfigFile(cluster.id, node.name)
  const { state } = editing
  const homeDir = useFacts(({ facts }) => facts?.homeDir)
  const path = state.kind === 'open' ? shortPath(state.file.path, homeDir) : undefined
  return (
    <>
      <div className={surface.toolbar}>
        <div className={surface.toolbarRow}>
          <NodeMenu cluster={cluster} node={node} />
          {path !== undefined && <span className={`${styles.path} ${text.mono} ${text.ellipsis}`}>{path}</span>}
        </div>
      </div>
      {state.kind === 'reading' && <SkeletonRows awaited={(time) => t('config.reading', { node: node.name, time })} />}
      {state.kind === 'failed' && (
        <ErrorCard
          title={t('config.readFailed', { node: node.name })}
          failure={state.failure}
          acts={
            <Button look="primary" onClick={editing.read}>
              {t('act.tryAgain')}
            </Button>
          }
        />
      )}
      {state.kind === 'open' && path !== undefined && <OpenConfig node={node} editing={editing} path={path} onDisk={state.file.text} />}
    </>
  )
}

function NodeMenu({ cluster, node }: { readonly cluster: Cluster; readonly node: LocalNode }) {
  return (
    <ChoiceMenu label={t('config.forNode')} value={node.name}>
      {cluster.localNodes.map(({ name }) => (
        <MenuItem key={name} onClick={() => go({ screen: 'config', clusterId: cluster.id, node: name })}>
          {name}
        </MenuItem>
      ))}
    </ChoiceMenu>
  )
}

interface OpenConfigProps {
  readonly node: LocalNode
  readonly editing: ConfigFileEditing
  readonly path: string
  readonly onDisk: string
}

function OpenConfig({ node, editing, path, onDisk }: OpenConfigProps) {
  const editor = useRef<ConfigEditorHandle>(null)
  const diff = useMemo(() => diffLines(onDisk, editing.text), [onDisk, editing.text])
  const keys = useMemo(() => changedKeys(onDisk, editing.text), [onDisk, editing.text])
  const changedLines = useMemo(() => diff.filter(({ kind }) => kind === 'added').map(({ line }) => line), [diff])
  const running = node.state.kind !== 'stopped' && node.state.kind !== 'failed'
  return (
    <>
      {editing.saveFailure !== undefined && <SaveFailure node={node.name} editing={editing} running={running} />}
      <div className={styles.work}>
        <div className={styles.editor}>
          <Suspense fallback={null}>
            <ConfigEditor
              ref={editor}
              label={t('config.editor', { node: node.name })}
              text={editing.text}
              edition={editing.edition}
              problems={editing.problems}
              changedLines={changedLines}
              onEdit={editing.edit}
              onSave={() => {
                if (editing.dirty && editing.problems.every(({ severity }) => severity !== 'error')) void editing.save(running)
              }}
            />
          </Suspense>
        </div>
        <Review
          node={node.name}
          running={running}
          path={path}
          editing={editing}
          diff={diff}
          keys={keys}
          onGoTo={(line, column) => editor.current?.goTo(line, column)}
        />
      </div>
    </>
  )
}

interface SaveFailureProps {
  readonly node: string
  readonly editing: ConfigFileEditing
  readonly running: boolean
}

function SaveFailure({ node, editing, running }: SaveFailureProps) {
  const failure = editing.saveFailure
  if (failure === undefined) return null
  if (failure.code === CONFLICT) {
    return (
      <Note
        kind="warn"
        banner
        actions={
          <>
            <Button size="small" look="ghost" onClick={() => void editing.saveOver(running)}>
              {t('config.keepMine')}
            </Button>
            <Button size="small" onClick={editing.takeTheirs}>
              {t('config.takeTheirs')}
            </Button>
          </>
        }
      >
        <b>{t('config.conflictTitle')}</b> {t('config.conflictReason')}
      </Note>
    )
  }
  return (
    <Note kind="bad" banner>
      <b>{t('config.saveFailed', { node })}</b> {failure.message} {failure.hint}
    </Note>
  )
}
