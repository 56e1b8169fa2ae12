import type { AppFacts } from '../../shared/cluster'

/** Marks the page with what its styles ask for: the theme where the user chose one, the system, and whose frame it has. */
export function applyFacts({ theme, platform, systemFrame }: AppFacts): void {
  const root = document.documentElement.dataset
  if (theme === 'system') delete root['theme']
  else root['theme'] = theme
  root['os'] = platform
  if (systemFrame) root['frame'] = 'system'
  else delete root['frame']
}
