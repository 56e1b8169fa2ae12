// The part of the WebAssembly JavaScript interface that is used here: Node has it, its types leave it to those of browsers.
declare namespace WebAssembly {
  type ImportExportKind = 'function' | 'global' | 'memory' | 'table' | 'tag'
  type ExportValue = ((...args: readonly never[]) => unknown) | Memory | object
  type ImportValue = ExportValue | number | bigint

  /** Opaque: only `compile` makes one. */
  interface Module {
    readonly [Symbol.toStringTag]: 'WebAssembly.Module'
  }
  const Module: {
    imports(module: Module): readonly { readonly module: string; readonly name: string; readonly kind: ImportExportKind }[]
  }
  class Instance {
    constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, ImportValue>>>>)
    readonly exports: Readonly<Record<string, ExportValue>>
  }
  /** In pages of 64 KiB. */
  class Memory {
    constructor(limits: { readonly initial: number; readonly maximum: number })
    readonly buffer: ArrayBuffer
  }
  class RuntimeError extends Error {}
  class LinkError extends Error {}
  interface Exception {
    readonly [Symbol.toStringTag]: 'WebAssembly.Exception'
  }
  const Exception: { readonly prototype: Exception; [Symbol.hasInstance](value: unknown): value is Exception }
  function compile(bytes: Uint8Array<ArrayBuffer>): Promise<Module>
}
