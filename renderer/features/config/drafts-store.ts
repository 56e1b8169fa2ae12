import { create } from 'zustand'

/** Texts that were typed and not saved, by `cluster/node`: nothing typed is lost by looking elsewhere. */
export const useDrafts = create<Readonly<Record<string, string>>>(() => ({}))

/** `key` names a node of a cluster; a draft outlives its screen, not the window. */
export function keepDraft(key: string, text: string): void {
  useDrafts.setState({ [key]: text })
}

/** After it was saved or thrown away. */
export function forgetDraft(key: string): void {
  useDrafts.setState(({ [key]: _forgotten, ...others }) => others, true)
}
