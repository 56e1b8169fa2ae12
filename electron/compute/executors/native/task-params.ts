import type { Task } from '../../../../shared/models/job'

/** What a task of the engine `native` says: `Command` (or `Entrypoint`) is the program, one text or a list. */
interface NativeParams {
  readonly command: readonly [string, ...string[]]
  /** Relative to the task's own folder, or absolute as the job sees it (an input's or a result's target). */
  readonly workingDirectory: string
}

/** The engine's parameters, or in words what is wrong with them. */
export function readNativeParams(task: Task): NativeParams | string {
  const { Command, Entrypoint, Parameters, WorkingDirectory } = task.Engine.Params ?? {}
  const program = readTexts(Command ?? Entrypoint)
  if (program === undefined) return 'Command must be a text or a list of texts.'
  const parameters = readTexts(Parameters)
  if (parameters === undefined) return 'Parameters must be a list of texts.'
  const [file, ...rest] = program
  if (file === undefined || file === '') return 'The native engine needs Command: the program to run.'
  const command: [string, ...string[]] = [file, ...rest, ...parameters]
  if (command.some((text) => text.includes('\0'))) return 'A parameter contains a zero byte, which no program can be given.'
  if (WorkingDirectory != null && typeof WorkingDirectory !== 'string') return 'WorkingDirectory must be a path.'
  return { command, workingDirectory: WorkingDirectory ?? '' }
}

function readTexts(value: unknown): readonly string[] | undefined {
  if (value == null) return []
  if (typeof value === 'string') return [value]
  return Array.isArray(value) && value.every((each): each is string => typeof each === 'string') ? value : undefined
}
