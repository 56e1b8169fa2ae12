import type { MessagePayload } from '../../../shared/wire/messages'

/**
 * How much of a node's words is kept. Honest nodes stay far below; what is kept goes into one record of the ledger, and one that is too
 * large would hold up all jobs: all of it together stays below 1 MiB, also where each character takes six bytes. Lengths in UTF-16 units.
 */
const limits = { output: 16 * 1024, message: 4 * 1024, name: 128, detail: 512, details: 8, events: 8, params: 64 * 1024 } as const

type Events = MessagePayload<'ComputeError'>['Events']
type Output = MessagePayload<'RunResult'>['RunCommandResult']
type Published = MessagePayload<'RunResult'>['PublishResult']

/** A text that is cut where it is too long says so at its end. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)} … (${String(text.length)} characters)`
}

/** What a person gives as a reason, or a node as its message. */
export const cutMessage = (text: string): string => cut(text, limits.message)

/** The first events of a message, each with its words cut. */
export function boundedEvents(events: Events): Events {
  return events?.slice(0, limits.events).map(({ Message, Topic, Timestamp, Details }) => ({
    Message: cutMessage(Message),
    Topic: cut(Topic, limits.name),
    Timestamp: Timestamp.length > limits.name ? '' : Timestamp,
    ...(Details == null
      ? { Details }
      : {
          Details: Object.fromEntries(
            Object.entries(Details)
              .slice(0, limits.details)
              .map(([name, value]) => [cut(name, limits.name), cut(value, limits.detail)]),
          ),
        }),
  }))
}

/** The beginning of a program's output; what was cut is marked as truncated. */
export function boundedOutput(output: Output): Output {
  if (output == null) return output
  const { Stdout, stderr, ErrorMsg } = output
  return {
    ...output,
    Stdout: Stdout.slice(0, limits.output),
    stderr: stderr.slice(0, limits.output),
    ErrorMsg: cutMessage(ErrorMsg),
    ...(Stdout.length > limits.output ? { StdoutTruncated: true } : {}),
    ...(stderr.length > limits.output ? { StderrTruncated: true } : {}),
  }
}

/** Where results lie cannot be cut: parameters that are beyond all measure are left out. */
export function boundedPublished(published: Published): Published {
  if (published == null || JSON.stringify(published).length <= limits.params) return published
  return { Type: cut(published.Type, limits.name) }
}
