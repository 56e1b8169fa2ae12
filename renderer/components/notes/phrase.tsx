import type { ReactNode } from 'react'

/** Stands in a translated sentence where a part of it is drawn in its own way. */
export const SLOT = '\u0001'

/** A sentence with `children` in place of its slot: the words around it stay one string, so that languages may order them. */
export function Phrase({ text, children }: { readonly text: string; readonly children: ReactNode }) {
  const [before, after = ''] = text.split(SLOT)
  return (
    <>
      {before}
      {children}
      {after}
    </>
  )
}
