import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { AppError, messageOf } from '../../shared/errors'
import { systemCodeOf } from '../../shared/system-error'
import type { CliIo } from './io'

/** The text of a file, or of standard input for `-` and for no name at all. Throws `cli.no-file`. */
export async function readInput(file: string | undefined, io: CliIo): Promise<string> {
  if (file === undefined || file === '-') return readStandardInput(io)
  try {
    return await readFile(resolve(io.cwd, file), 'utf8')
  } catch (error) {
    const code = systemCodeOf(error) ?? messageOf(error)
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code === 'EACCES' ? 'it may not be read' : code
    throw new AppError('cli.no-file', `${file} cannot be read: ${why}.`, { hint: 'Check the path.', cause: error })
  }
}

async function readStandardInput(io: CliIo): Promise<string> {
  if (process.stdin.isTTY) io.stderr.write('Reading the job from standard input; Ctrl-D ends it.\n')
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array))
  return Buffer.concat(chunks).toString('utf8')
}

/** The next line of standard input; empty at its end. */
export async function readLine(): Promise<string> {
  const { createInterface } = await import('node:readline')
  for await (const line of createInterface({ input: process.stdin })) return line
  return ''
}
