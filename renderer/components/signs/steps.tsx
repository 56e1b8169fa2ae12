import { t } from '../../i18n/i18n'
import { classNames } from '../class-names'
import text from '../../theme/text.module.css'
import { StatusMark, type MarkKind } from './status-mark'
import styles from './steps.module.css'

type StepStatus = 'to-come' | 'begun' | 'done' | 'failed'

/** One step of a start. */
export interface StepLine {
  readonly name: string
  readonly status: StepStatus
  readonly detail: string
  /** Time taken, or the limit where it has not begun. */
  readonly time: string
}

const marks: { readonly [Status in StepStatus]: MarkKind } = { 'to-come': 'todo', begun: 'busy', done: 'done', failed: 'bad' }

interface StepsProps {
  readonly steps: readonly StepLine[]
  /** The detail stands on a line of its own. */
  readonly twoLines?: boolean
}

/** Named steps: done, on the way, to come, with the time each took. */
export function Steps({ steps, twoLines = false }: StepsProps) {
  return (
    <ol className={styles.steps}>
      {steps.map((step) => (
        <li
          key={step.name}
          className={classNames(
            styles.step,
            twoLines && styles.dense,
            step.status === 'to-come' && styles.todo,
            step.status === 'begun' && styles.now,
            step.status === 'failed' && styles.failed,
          )}
          aria-current={step.status === 'begun' ? 'step' : undefined}
        >
          <StatusMark kind={marks[step.status]} />
          <span className={styles.words}>
            <span className={text.hidden}>{t(`step.status.${step.status}`)}</span>
            <span className={styles.name}>{step.name}</span>
            {step.detail !== '' && <span className={classNames(styles.detail, twoLines && styles.below)}> {step.detail}</span>}
          </span>
          <span className={styles.time}>{step.time}</span>
        </li>
      ))}
    </ol>
  )
}
