import { Columns3, Funnel, KeyRound, Plus, Server, Wifi } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Field } from '../../components/fields/field'
import { ChoiceMenu } from '../../components/overlays/choice-menu'
import { IconButton } from '../../components/buttons/icon-button'
import { Menu, MenuCheck, MenuChoice, MenuItem, MenuSeparator, SubMenu } from '../../components/overlays/menu'
import { Segmented, type Segment as SegmentChoice } from '../../components/fields/segmented'
import { SplitButton } from '../../components/buttons/split-button'
import { count } from '../../i18n/amount'
import { t } from '../../i18n/i18n'
import { useAttempt } from '../../state/window/attempt'
import { call } from '../../ipc'
import { useNodes } from '../../state/nodes/nodes-store'
import { go, openDialog, useUi } from '../../state/window/ui-store'
import surface from '../../components/surface.module.css'
import { useClusterView } from './cluster-context'
import styles from './nodes-toolbar.module.css'
import { columnIds, nodeColumns } from './table/columns'
import type { Segment } from './table/list/filter-nodes'
import { isColumnWanted, setFilter, setGroupBy, setSegment, setSort, showColumn, useListView } from './table/list/list-view-store'
import { groupKeysOf } from './table/list/group-keys'

/** Filter, grouping and columns of the list, and the way to more nodes. */
export function NodesToolbar() {
  const { stale } = useClusterView()
  return (
    <div className={surface.toolbar}>
      <div className={surface.toolbarRow}>
        <Segments stale={stale} />
        <FilterField />
        <GroupMenu />
        <span className={surface.spring} />
        <ColumnsMenu />
        <AddNode />
      </div>
    </div>
  )
}

function Segments({ stale }: { readonly stale: boolean }) {
  // Before the first answer nothing is known: a dash keeps the place of a figure, and 0 would say that there are none.
  const counts = useNodes((state) => (state.fold?.revision === undefined ? undefined : state.fold.counts))
  const segment = useListView((state) => state.segment)
  const of = (value: Segment, mark?: SegmentChoice<Segment>['mark']): SegmentChoice<Segment> => ({
    value,
    label: t(`category.${value}`),
    ...(mark === undefined ? {} : { mark }),
    ...(counts === undefined ? { count: '–' } : { count: count(counts[value]), none: counts[value] === 0 }),
  })
  return (
    <Segmented
      label={t('nodes.filterBy')}
      value={segment}
      onChange={setSegment}
      stale={stale}
      segments={[of('all'), of('connected', 'ok'), of('unsure', 'warn'), of('pending', 'wait'), of('disconnected', 'bad'), of('stopped', 'off')]}
    />
  )
}

function FilterField() {
  const filter = useListView((state) => state.filter)
  const asked = useUi((state) => state.searchAsked)
  const input = useRef<HTMLInputElement>(null)
  const first = useRef(asked)
  useEffect(() => {
    if (asked !== first.current) input.current?.select()
  }, [asked])
  return (
    <Field
      ref={input}
      soft
      icon={Funnel}
      label={t('nodes.filter')}
      placeholder={t('nodes.filter')}
      className={styles.filter}
      value={filter}
      onChange={(event) => setFilter(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        if (filter !== '') setFilter('')
        else event.currentTarget.blur()
      }}
      trailing={filter === '' && <kbd>/</kbd>}
    />
  )
}

/** Shown while the list is grouped; the way to it is in the menu of the columns. */
function GroupMenu() {
  const groupBy = useListView((state) => state.groupBy)
  if (groupBy === undefined) return null
  return (
    <ChoiceMenu label={t('nodes.group')} value={groupBy}>
      <GroupChoice />
    </ChoiceMenu>
  )
}

function GroupChoice() {
  const keys = useNodes((state) => groupKeysOf(state.fold))
  const groupBy = useListView((state) => state.groupBy)
  const offered = groupBy !== undefined && !keys.includes(groupBy) ? [groupBy, ...keys] : keys
  if (offered.length === 0) return null
  return (
    <MenuChoice
      label={t('nodes.groupBy')}
      value={groupBy ?? ''}
      options={[{ value: '', label: t('nodes.groupNone') }, ...offered.map((key) => ({ value: key, label: key }))]}
      onChange={(key) => setGroupBy(key === '' ? undefined : key)}
    />
  )
}

function ColumnsMenu() {
  const groupable = useNodes((state) => groupKeysOf(state.fold).length > 0)
  const columns = useListView((state) => state.columns)
  const sort = useListView((state) => state.sort)
  return (
    <Menu align="end" trigger={<IconButton label={t('nodes.columns')} icon={Columns3} />}>
      {columnIds
        .filter((id) => nodeColumns[id].leaves !== undefined)
        .map((id) => (
          <MenuCheck key={id} checked={isColumnWanted(columns, id)} onChange={(shown) => showColumn(id, shown)}>
            {t(`column.${id}`)}
          </MenuCheck>
        ))}
      <MenuSeparator />
      <SubMenu label={t('nodes.sort')}>
        <MenuChoice
          label={t('nodes.sort')}
          value={sort.column}
          options={columnIds.map((id) => ({ value: id, label: t(`column.${id}`) }))}
          onChange={(column) => setSort({ column, descending: nodeColumns[column].firstDescending })}
        />
      </SubMenu>
      {groupable && (
        <SubMenu label={t('nodes.groupBy')}>
          <GroupChoice />
        </SubMenu>
      )}
    </Menu>
  )
}

function AddNode() {
  const { clusterId, stale, local, joinable } = useClusterView()
  const [busy, attempt] = useAttempt()
  const add = (): void => {
    if (!joinable) return openDialog({ kind: 'join-nodes', clusterId })
    void attempt(t('failure.nodeAdd'), () => call('nodes.add', { clusterId, count: 1 }))
  }
  return (
    <SplitButton
      look={stale ? 'plain' : 'primary'}
      icon={Plus}
      busy={busy ? t('act.addBusy') : undefined}
      onClick={add}
      menuLabel={t('nodes.addWays')}
      menu={
        <>
          <MenuItem icon={Plus} shortcut="n" onClick={add}>
            {t(joinable ? 'nodes.addOne' : 'nodes.addFirst')}
          </MenuItem>
          {joinable && (
            <MenuItem icon={Server} onClick={() => openDialog({ kind: 'add-nodes', clusterId })}>
              {t('nodes.addSeveral')}
            </MenuItem>
          )}
          {!local && joinable && (
            <MenuItem icon={KeyRound} onClick={() => openDialog({ kind: 'join-nodes', clusterId })}>
              {t('nodes.addOtherwise')}
            </MenuItem>
          )}
          {local && <MenuSeparator />}
          {local && (
            <MenuItem icon={Wifi} onClick={() => go({ screen: 'access', clusterId })}>
              {t('nodes.addElsewhere')}
            </MenuItem>
          )}
        </>
      }
    >
      {t('act.add')}
    </SplitButton>
  )
}
