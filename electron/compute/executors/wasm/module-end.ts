import { messageOf } from '../../../../shared/errors'
import type { RunEnd } from '../executor'

/** Thrown by `proc_exit` through the module, which cannot catch it. */
export class ModuleExit extends Error {
  override readonly name = 'ModuleExit'

  constructor(readonly code: number) {
    super(`exit ${code}`)
  }
}

/** The code that a module ended itself with. Undefined when something else was thrown. */
export function exitCodeOf(error: unknown): number | undefined {
  return error instanceof ModuleExit ? error.code : undefined
}

/** Names a trap, or what kept the module from starting. */
export function whyItFailed(error: unknown): RunEnd {
  if (error instanceof WebAssembly.RuntimeError) return trapped(error.message)
  // V8 tells the end of the stack as a RangeError, as for JavaScript.
  if (error instanceof RangeError && /call stack/i.test(error.message)) return trapped('stack overflow')
  if (error instanceof RangeError) {
    return {
      kind: 'failed',
      errorCode: 'wasm.out-of-memory',
      message: `The memory of the module cannot be had: ${error.message}.`,
      hint: /limit/.test(error.message)
        ? 'No engine has that much: build the module with less.'
        : 'This machine has too little memory left; run fewer jobs at once.',
    }
  }
  if (error instanceof WebAssembly.LinkError) {
    return {
      kind: 'failed',
      errorCode: 'wasm.import-missing',
      message: `The module does not fit what it is given: ${withoutPrefix(error.message)}.`,
      hint: 'Build it for WASI preview 1, and give every module that it imports in ImportModules.',
    }
  }
  if (error instanceof WebAssembly.Exception)
    return { kind: 'failed', errorCode: 'wasm.exception', message: 'The module threw an exception that nothing caught.' }
  return {
    kind: 'failed',
    errorCode: 'wasm.failed',
    message: `The module cannot be run: ${withoutPrefix(messageOf(error))}.`,
  }
}

function trapped(what: string): RunEnd {
  return {
    kind: 'failed',
    errorCode: 'wasm.trap',
    message: `The module trapped: ${what}.`,
    hint: 'This is a fault of the program, such as a failed assertion or an access outside its memory; its stderr may say more.',
  }
}

function withoutPrefix(message: string): string {
  return message.replace(/^WebAssembly\.\w+\(\): /, '')
}
