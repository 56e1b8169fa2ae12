import { create } from 'zustand'

/** Texts that were typed and not saved, by `cluster/node`: nothing typed is lost by looking elsewhere. */
export const useDrafts = create<Readonly<Record<string, string>>>(() => ({}))

export function keepDraft(key: string, text: string): void {
  useDrafts.setState({ [key]: text })
}

export function forgetDraft(key: string): void {
  useDrafts.setState(({ [key]: _forgotten, ...others }) => others, true)
}
