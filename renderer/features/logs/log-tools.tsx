import { Pause, Play, Search } from 'lucide-react'
import { Field } from '../../components/fields/field'
import { ChoiceMenu } from '../../components/overlays/choice-menu'
import { IconButton } from '../../components/buttons/icon-button'
import { MenuChoice } from '../../components/overlays/menu'
import { Segmented } from '../../components/fields/segmented'
import { StatusMark } from '../../components/signs/status-mark'
import { t } from '../../i18n/i18n'
import { logLevels, type LogLevel } from './log-lines'
import styles from './logs.module.css'

/** What is done with lines in which nothing is found: they stay, or they are left out. */
export type SearchView = 'highlight' | 'filter'

interface LogToolsProps {
  readonly level: LogLevel
  readonly onLevel: (level: LogLevel) => void
  readonly search: string
  readonly onSearch: (search: string) => void
  /** To the next match, or the one before. */
  readonly onStep: (by: 1 | -1) => void
  readonly found: string | undefined
  readonly view: SearchView
  readonly onView: (view: SearchView) => void
  readonly following: boolean
  readonly onFollow: (following: boolean) => void
}

const levelWords = (level: LogLevel): string =>
  t(`logs.level${level === 'trace' ? 'Trace' : level === 'debug' ? 'Debug' : level === 'info' ? 'Info' : level === 'warn' ? 'Warn' : 'Error'}`)

/** Level, search and following of the log on screen. `found`: which match of how many, in words. */
export function LogTools({ level, onLevel, search, onSearch, onStep, found, view, onView, following, onFollow }: LogToolsProps) {
  return (
    <div className={styles.tools}>
      <Field
        soft
        icon={Search}
        className={styles.search}
        label={t('logs.search')}
        placeholder={t('logs.search')}
        value={search}
        onChange={(event) => onSearch(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1)
          else if (event.key === 'Escape' && search !== '') {
            event.stopPropagation()
            onSearch('')
          }
        }}
        trailing={found !== undefined && <span className={styles.matches}>{found}</span>}
      />
      <Segmented
        label={t('logs.view')}
        value={view}
        onChange={onView}
        segments={[
          { value: 'highlight', label: t('logs.highlight') },
          { value: 'filter', label: t('logs.filter') },
        ]}
      />
      <ChoiceMenu label={t('logs.level')} value={levelWords(level)}>
        <MenuChoice
          label={t('logs.level')}
          value={level}
          options={logLevels.map((one) => ({ value: one, label: levelWords(one) }))}
          onChange={onLevel}
        />
      </ChoiceMenu>
      <span className={styles.spring} />
      <span className={styles.following}>
        <StatusMark kind={following ? 'ok' : 'off'} size={9} />
        <span>{t(following ? 'logs.following' : 'logs.paused')}</span>
      </span>
      <IconButton
        size="small"
        label={t(following ? 'logs.pause' : 'logs.follow')}
        icon={following ? Pause : Play}
        onClick={() => onFollow(!following)}
      />
    </div>
  )
}
