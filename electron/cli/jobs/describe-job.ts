import { printableLines, printableText } from '../../../shared/printable-text'
import { shortId } from '../output/human'
import { computeStates } from '../../../shared/models/execution'
import { renderTable } from '../output/table'
import type { Column } from '../output/table'
import { dateOfNanoseconds, localDateTime } from '../output/times'
import type { ShownExecution, ShownHistory, ShownJob } from './job-answers'
import { describedExecutionColumns, describedHistoryColumns, stateWord } from './job-columns'

interface DescribedJob {
  readonly job: ShownJob
  readonly executions: readonly ShownExecution[]
  readonly history: readonly ShownHistory[]
  readonly now: Date
  /** Puts a style on a heading. */
  readonly heading: (text: string) => string
}

/** Everything that is known of a job, for people: its fields, its history, its executions (newest first) with theirs, and what they printed. */
export function describeJob({ job, executions, history, now, heading }: DescribedJob): string {
  const newest = [...executions].sort((a, b) => b.CreateTime - a.CreateTime)
  const section = (title: string, body: string): string => `\n${heading(title)}\n${body}`
  const historyTable = (title: string, entries: readonly ShownHistory[]): string =>
    entries.length === 0 ? '' : section(title, plainTable(describedHistoryColumns, entries))
  return [
    pairs(fields(job)),
    section('Summary', pairs(summary(newest))),
    historyTable(
      'Job History',
      history.filter(({ Type }) => Type === 'JobLevel'),
    ),
    section('Executions', plainTable(describedExecutionColumns(now), newest)),
    ...newest.map(({ ID }) =>
      historyTable(
        `Execution ${shortId(ID)} History`,
        history.filter((entry) => entry.ExecutionID === ID),
      ),
    ),
    outputs(newest, section),
  ].join('')
}

function fields(job: ShownJob): readonly (readonly [string, string])[] {
  const isCounted = job.Type === 'batch' || job.Type === 'service'
  return [
    ['ID', job.ID],
    ['Name', printableText(job.Name)],
    ['Namespace', printableText(job.Namespace)],
    ['Type', job.Type],
    ['State', job.State?.StateType ?? ''],
    ['Message', printableLines(job.State?.Message ?? '')],
    ['Count', isCounted ? String(job.Count) : ''],
    ['Created Time', localDateTime(dateOfNanoseconds(job.CreateTime))],
    ['Modified Time', localDateTime(dateOfNanoseconds(job.ModifyTime))],
    ['Version', String(job.Version)],
  ]
}

function summary(executions: readonly ShownExecution[]): readonly (readonly [string, string])[] {
  return Object.keys(computeStates)
    .map((word) => [word, executions.filter((execution) => stateWord(execution) === word).length] as const)
    .filter(([, count]) => count > 0)
    .map(([word, count]) => [word, String(count)])
}

/** One printed output alone; several each under its execution. */
function outputs(executions: readonly ShownExecution[], section: (title: string, body: string) => string): string {
  const printed = executions.map((execution) => [execution, outputOf(execution)] as const).filter(([, text]) => text !== '')
  if (printed.length === 0) return ''
  const [only] = printed
  const body =
    printed.length === 1 && only !== undefined
      ? ended(only[1])
      : printed.map(([{ ID }, text]) => `Execution ${shortId(ID)}:\n${ended(text)}`).join('\n')
  return section('Standard Output', body)
}

function outputOf({ RunOutput }: ShownExecution): string {
  const streams = [RunOutput?.Stdout ?? '', RunOutput?.stderr ?? ''].filter((text) => text !== '')
  const isCut = RunOutput?.StdoutTruncated === true || RunOutput?.StderrTruncated === true
  return `${streams.join('\n')}${isCut ? '\n...\nOutput truncated' : ''}`
}

const ended = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`)

function pairs(all: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...all.map(([name]) => name.length))
  return all.map(([name, value]) => (value === '' ? '' : `${name.padEnd(width)} = ${value}\n`)).join('')
}

function plainTable<Item>(columns: readonly Column<Item>[], items: readonly Item[]): string {
  return renderTable(columns, items, { wide: false, hideHeader: false, head: (text) => text })
}
