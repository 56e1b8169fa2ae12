import { create } from 'zustand'
import type { AppFacts } from '../../shared/cluster'

interface FactsState {
  readonly facts: AppFacts | undefined
}

/** Mirror of what main says of the app and its machine. */
export const useFacts = create<FactsState>(() => ({ facts: undefined }))

/** All facts, as main tells them. */
export function takeFacts(facts: AppFacts): void {
  useFacts.setState({ facts })
}
