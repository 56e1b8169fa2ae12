import { readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { AppError, messageOf } from '../../../shared/errors'
import type { InputSource } from '../../../shared/models/job'
import { leadsNowhere, systemCodeOf } from '../../../shared/system-error'
import { isUri, parseInputSource, splitTarget } from './input-source'

const DEFAULT_TARGET = 'main.wasm'
/** The first bytes of every module. */
const MAGIC = '\0asm'
/** A longer module travels as a tar.gz: a request to a node holds 1 MiB, and modules shrink well. In bytes. */
const PACKED_FROM = 128 * 1024

/**
 * Where the entry module of a job is, and the input that brings it there: a URI, a file of this machine (which travels in the job), or the target of an
 * input that is given anyway. Throws `wasm.no-module` and `wasm.no-wasm`.
 */
export async function entryModule(
  text: string,
  inputs: readonly InputSource[],
  cwd: string,
): Promise<{ readonly target: string; readonly input?: InputSource }> {
  if (inputs.some(({ Target }) => Target === text)) return { target: text }
  if (isUri(text)) {
    const input = parseInputSource(text, DEFAULT_TARGET)
    return { target: input.Target, input }
  }
  const whole = await tryRead(resolve(cwd, text))
  const { uri: file, target } = whole === undefined ? splitTarget(text, DEFAULT_TARGET) : { uri: text, target: DEFAULT_TARGET }
  const content = whole ?? (await tryRead(resolve(cwd, file)))
  if (content === undefined)
    throw new AppError('wasm.no-module', `${file} is no file of this machine, and no input brings it.`, {
      hint: 'Check the path; or name the target of an --input, or a URI such as https://HOST/module.wasm.',
    })
  if (content.subarray(0, MAGIC.length).toString('latin1') !== MAGIC)
    throw new AppError('wasm.no-wasm', `${file} is no WebAssembly module: it does not begin with the bytes "\\0asm".`, {
      hint: 'Compile it for wasm32-wasi first.',
    })
  const path = resolve(cwd, whole === undefined ? file : text)
  const URL = content.length < PACKED_FROM ? dataUrl('application/wasm', content) : dataUrl('application/gzip', await packed(path))
  return { target, input: { Source: { Type: 'inline', Params: { URL } }, Alias: '', Target: target } }
}

function dataUrl(type: string, content: Buffer): string {
  return `data:${type};base64,${content.toString('base64')}`
}

/** The file alone in a tar.gz. A node unpacks it as a folder at the target, and takes the one module in there. */
async function packed(file: string): Promise<Buffer> {
  const { create } = await import('tar')
  // With its folder before it, no name is taken for an option or for an archive.
  return create({ cwd: dirname(file), gzip: { level: 9 }, portable: true, follow: true }, [join('.', basename(file))]).concat()
}

async function tryRead(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file)
  } catch (error) {
    if (leadsNowhere(error)) return undefined
    const code = systemCodeOf(error) ?? messageOf(error)
    throw new AppError('wasm.no-module', `${file} cannot be read${code === 'EISDIR' ? ': it is a folder' : ` (${code})`}.`, {
      hint: 'Name the file of the module.',
      cause: error,
    })
  }
}
