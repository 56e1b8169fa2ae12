import { useState } from 'react'
import { toFailure } from '../../../shared/errors'
import { showActFailure } from './ui-store'

/** Does what the user asked for; a failure is told above the content under `title`. True when it was done. */
export async function attempt(title: string, act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act()
    return true
  } catch (error) {
    showActFailure(title, toFailure(error))
    return false
  }
}

/** As `attempt`, and tells whether the act is on the way. */
export function useAttempt(): readonly [busy: boolean, attempt: (title: string, act: () => Promise<unknown>) => Promise<boolean>] {
  const [busy, setBusy] = useState(false)
  const run = async (title: string, act: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true)
    try {
      return await attempt(title, act)
    } finally {
      setBusy(false)
    }
  }
  return [busy, run]
}
