import { createLiveArea } from '../up/live-area'
import type { CliIo, Output } from '../io'
import { styled, wantsStyle } from '../output/style'
import { renderTable } from '../output/table'
import { createEventFilter } from './event-filter'
import type { ShownHistory } from './job-answers'
import { progressColumns } from './job-columns'

/** Shows the events of a job while somebody waits. */
export interface EventPrinter {
  print(entry: ShownHistory): void
  /** Nothing more comes. */
  end(): void
}

/** Shows nothing. */
export const silentPrinter: EventPrinter = { print: () => undefined, end: () => undefined }

/** One row after another, under one head. */
export function printEachEvent(io: CliIo): EventPrinter {
  const shows = createEventFilter()
  const head = (text: string): string => styled(text, 'bold', wantsStyle(io.stdout, io.env))
  let isFirst = true
  return {
    print: (entry) => {
      if (!shows(entry)) return
      io.stdout.write(renderTable(progressColumns, [entry], { wide: false, hideHeader: !isFirst, head }))
      isFirst = false
    },
    end: () => undefined,
  }
}

/** The newest event of each execution, and of the job below them: drawn again and again on a terminal, else once at the end. */
export function printGroupedEvents(io: CliIo): EventPrinter {
  const executions = new Map<string, ShownHistory>()
  let ofJob: ShownHistory | undefined
  const area = io.stdout.isTerminal ? createLiveArea(io.stdout) : undefined
  const table = (): string =>
    renderTable(progressColumns, [...executions.values(), ...(ofJob === undefined ? [] : [ofJob])], {
      wide: false,
      hideHeader: false,
      head: (text) => text,
    })
  return {
    print: (entry) => {
      if (entry.ExecutionID === '') ofJob = entry
      else executions.set(entry.ExecutionID, entry)
      area?.draw(fitting(table().split('\n').slice(0, -1), io.stdout))
    },
    end: () => {
      if (area === undefined) io.stdout.write(table())
      else {
        area.draw(table().split('\n').slice(0, -1))
        area.end()
      }
    },
  }
}

/** A line that the terminal wraps, or one above its top, could not be drawn over: the newest rows are kept, and the starts of lines. */
function fitting(lines: readonly string[], { columns = 80, rows = 24 }: Output): readonly string[] {
  const [head = '', ...body] = lines
  return [head, ...body.slice(-Math.max(1, rows - 2))].map((line) => line.slice(0, columns))
}
