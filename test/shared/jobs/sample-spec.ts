/** A batch job that is fine, with whatever is to be different. */
export function sampleSpec(fields: Readonly<Record<string, unknown>> = {}, task: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    Name: 'sample',
    Type: 'batch',
    Tasks: [{ Name: 'main', Engine: { Type: 'wasm', Params: { EntryModule: '/m.wasm' } }, ...task }],
    ...fields,
  }
}
