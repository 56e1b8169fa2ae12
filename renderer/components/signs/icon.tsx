import type { LucideIcon } from 'lucide-react'

interface IconProps {
  readonly of: LucideIcon
  readonly size?: number
  readonly className?: string | undefined
}

/** A sign beside words, never instead of them; small ones get a heavier stroke. */
export function Icon({ of: Sign, size = 16, className }: IconProps) {
  return <Sign size={size} strokeWidth={size <= 14 ? 2 : 1.75} className={className} aria-hidden="true" />
}
