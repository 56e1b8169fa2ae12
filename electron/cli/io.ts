import { AppError } from '../../shared/errors'

/** Where a command writes to. */
export interface Output {
  write(text: string): void
  /** A person reads along: colours and redrawing make sense. */
  readonly isTerminal: boolean
  /** Columns of the terminal; undefined where there is none, or where it does not know. */
  readonly columns: number | undefined
  /** Lines of the terminal; undefined where there is none, or where it does not know. */
  readonly rows: number | undefined
}

/** The surroundings of one run of the command line. */
export interface CliIo {
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly homeDir: string
}

/** An output of this process, which can tell in the end whether everything that was written went somewhere. */
interface ProcessOutput extends Output {
  /** Resolves when everything written so far has left this process, so that it may end. Never rejects. */
  flushed(): Promise<void>
  /** Why something that was written is lost; undefined when nothing is, or when nobody wants to read on (`| head`). */
  readonly failure: AppError | undefined
}

/** A stream of this process; `name` as a person calls it. A reader that goes away (`| head`) is no error: what is left is thrown away. */
export function outputTo(stream: NodeJS.WriteStream, name: string): ProcessOutput {
  let failure: AppError | undefined
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') failure ??= lost(error, name)
  })
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY,
    get columns() {
      return sizeOf(stream, stream.columns)
    },
    get rows() {
      return sizeOf(stream, stream.rows)
    },
    flushed: async () => {
      if (!stream.destroyed && stream.writableLength > 0) {
        await new Promise<void>((resolve) => {
          stream.once('close', resolve)
          stream.write('', () => resolve())
        })
      }
      // A failed write is told a moment after it.
      await new Promise((resolve) => setImmediate(resolve))
    },
    get failure() {
      return failure
    },
  }
}

/** A terminal that does not know its size says 0. */
function sizeOf(stream: NodeJS.WriteStream, size: number): number | undefined {
  return stream.isTTY && size > 0 ? size : undefined
}

function lost(error: NodeJS.ErrnoException, name: string): AppError {
  const reason = error.code === 'ENOSPC' || error.code === 'EDQUOT' ? 'the disk is full' : error.message
  return new AppError('cli.output-lost', `Not everything could be written to ${name}: ${reason}.`, {
    hint: 'What was written there is not complete. What the command did is done.',
    cause: error,
  })
}
