import { CircleSlash, OctagonX, PlugZap, RotateCw, Zap, type LucideIcon } from 'lucide-react'
import type { ConfigProblem } from '../../../shared/cluster'
import { Button } from '../../components/buttons/button'
import { classNames } from '../../components/class-names'
import { Icon } from '../../components/signs/icon'
import { StatusMark } from '../../components/signs/status-mark'
import surface from '../../components/surface.module.css'
import { t } from '../../i18n/i18n'
import type { ChangedKey } from './changed-keys'
import styles from './config.module.css'
import { hunksOf, type DiffLine } from './line-diff'
import { cutSecret } from './secret-lines'
import type { ConfigFileEditing } from './use-config-file'

interface ReviewProps {
  readonly node: string
  readonly running: boolean
  readonly path: string
  readonly editing: ConfigFileEditing
  readonly diff: readonly DiffLine[]
  readonly keys: readonly ChangedKey[]
  readonly onGoTo: (line: number, column: number) => void
}

/** What differs from the file, what it does, what is wrong, and the buttons that make it so. */
export function Review({ node, running, path, editing, diff, keys, onGoTo }: ReviewProps) {
  const changed = diff.filter(({ kind }) => kind !== 'same').length
  const errors = editing.problems.filter(({ severity }) => severity === 'error').length
  const blocked = errors > 0 || !editing.dirty
  return (
    <aside className={styles.review} aria-label={t('config.changed')} data-region tabIndex={-1}>
      <div className={styles.reviewHead}>
        {editing.dirty ? t('config.changed') : t('config.unchanged')}
        {editing.dirty && <small>{t('config.notSaved')}</small>}
        {editing.dirty && (
          <Button size="small" look="ghost" onClick={editing.discard}>
            {t('config.discard')}
          </Button>
        )}
      </div>
      <div className={styles.reviewBody} tabIndex={0}>
        {changed > 0 && <Diff path={path} diff={diff} />}
        {keys.length > 0 && <Impact keys={keys} />}
        <p className={styles.words}>{running ? `${t('config.saveDoes')} ${t('config.restartDoes', { node })}` : t('config.stoppedDoes', { node })}</p>
        <Problems problems={editing.problems} onGoTo={onGoTo} />
      </div>
      <div className={styles.reviewFoot}>
        {editing.dirty && errors > 0 && (
          <p className={styles.blocked}>
            <StatusMark kind="bad" size={12} />
            {t('config.errorsBlock', { count: errors })}
          </p>
        )}
        <div className={styles.buttons}>
          {running && (
            <Button disabled={blocked || editing.saving} onClick={() => void editing.save(false)}>
              {t('config.save')}
            </Button>
          )}
          <Button
            look="primary"
            disabled={blocked}
            busy={editing.saving ? t('config.saveBusy') : undefined}
            onClick={() => void editing.save(running)}
          >
            {running ? t('config.saveRestart', { node }) : t('config.save')}
          </Button>
        </div>
      </div>
    </aside>
  )
}

function Diff({ path, diff }: { readonly path: string; readonly diff: readonly DiffLine[] }) {
  const signs = { same: ' ', added: '+', deleted: '-' } as const
  return (
    <div className={classNames(styles.diff, surface.code)}>
      <div className={styles.diffPath} title={path}>
        <bdi dir="ltr">{path}</bdi>
      </div>
      {hunksOf(diff, 1).map((hunk, index) => (
        <div key={index}>
          {index > 0 && <div className={styles.gap} />}
          {hunk.map(({ kind, text, line }) => (
            <div key={`${kind}${line}`} className={classNames(styles.diffLine, kind !== 'same' && styles[kind])}>
              {signs[kind]} <DiffText text={text} />
            </div>
          ))}
        </div>
      ))}
    </div>
  )
}

function DiffText({ text }: { readonly text: string }) {
  const { before, secret } = cutSecret(text)
  return secret === '' ? text : before + '•'.repeat(DOTS)
}

/** Always as many, so that the length is no hint. */
const DOTS = 16

const icons: { readonly [Effect in ChangedKey['effect']]: LucideIcon } = {
  live: Zap,
  reconnect: PlugZap,
  restart: RotateCw,
  reset: OctagonX,
  none: CircleSlash,
}

function Impact({ keys }: { readonly keys: readonly ChangedKey[] }) {
  return (
    <div>
      <div className={surface.sectionHead}>{t('config.doesTitle')}</div>
      {keys.map(({ name, effect }) => (
        <div key={name} className={styles.impact}>
          <Icon of={icons[effect]} size={14} className={styles[effect]} />
          <span title={name}>{name.split('.').at(-1)}</span>
          <span>{t(`config.effect.${effect}`)}</span>
        </div>
      ))}
    </div>
  )
}

interface ProblemsProps {
  readonly problems: readonly ConfigProblem[]
  readonly onGoTo: (line: number, column: number) => void
}

function Problems({ problems, onGoTo }: ProblemsProps) {
  if (problems.length === 0) return null
  return (
    <div>
      <div className={surface.sectionHead}>{t('config.problems')}</div>
      {problems.map(({ severity, line, column, message }) => (
        <button key={`${line}:${column}:${message}`} type="button" className={styles.problem} onClick={() => onGoTo(line, column)}>
          <StatusMark kind={severity === 'error' ? 'bad' : 'warn'} size={12} />
          <span>{message}</span>
          <small>{t('config.problemAt', { line })}</small>
        </button>
      ))}
    </div>
  )
}
