import type { Config } from '../../../shared/config/schema'

/** What a node can run, where its inputs may come from and where its results may go: types, in lower case. */
export interface Offers {
  readonly engines: readonly string[]
  readonly publishers: readonly string[]
  readonly storages: readonly string[]
}

/** The part of the configuration that says what is offered. */
export type OfferConfig = Pick<Config, 'Compute' | 'Engines' | 'InputSources' | 'Publishers'>

/** Only what is really there: WASM always, plain programs and local paths when the node's owner allows them, and nothing that is disabled. */
export function offersOf({ Compute, Engines, InputSources, Publishers }: OfferConfig): Offers {
  const local = Compute.AllowListedLocalPaths.length > 0 ? ['local', 'localdirectory'] : []
  return {
    engines: without(['wasm', ...(Engines.Types.Native.Enabled ? ['native'] : [])], Engines.Disabled),
    publishers: without(['local', 'noop'], Publishers.Disabled),
    storages: without(['inline', ...local, 'urldownload'], InputSources.Disabled),
  }
}

/** A kind that is disabled by one of its names is disabled by all of them. */
function without(types: readonly string[], disabled: readonly string[]): string[] {
  const names = new Set(disabled.map((name) => name.trim().toLowerCase()))
  if (names.has('local') || names.has('localdirectory')) names.add('local').add('localdirectory')
  return types.filter((type) => !names.has(type))
}
