interface BrandProps {
  readonly size: number
  readonly className?: string | undefined
}

/** The mark: one large fish, three that follow. */
export function Brand({ size, className }: BrandProps) {
  return (
    <svg className={className} width={size} height={size} viewBox="0 0 20 20" fill="currentColor" aria-hidden="true">
      <path d="M12.4 6.2c2.6 0 4.6 1.6 6 3.8-1.4 2.2-3.4 3.8-6 3.8-1.9 0-3.4-1.5-3.4-3.8s1.5-3.8 3.4-3.8z" />
      <path d="M5.7 2.6c1.7 0 3 1 3.9 2.4C8.7 6.4 7.4 7.4 5.7 7.4 4.5 7.4 3.5 6.5 3.5 5s1-2.4 2.2-2.4z" opacity=".75" />
      <path d="M5.7 12.6c1.7 0 3 1 3.9 2.4-.9 1.4-2.2 2.4-3.9 2.4-1.2 0-2.2-.9-2.2-2.4s1-2.4 2.2-2.4z" opacity=".75" />
      <path d="M3.3 8.6c.9 0 1.7.6 2.2 1.4-.5.8-1.3 1.4-2.2 1.4-.8 0-1.4-.5-1.4-1.4s.6-1.4 1.4-1.4z" opacity=".5" />
    </svg>
  )
}
