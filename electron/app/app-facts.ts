import { app, nativeTheme, systemPreferences } from 'electron'
import { homedir } from 'node:os'
import type { AppFacts } from '../../shared/cluster'
import type { Preferences } from './preferences'

/** Makes the system, and with it every page's `prefers-color-scheme`, follow the chosen theme. */
export function applyTheme(theme: Preferences['theme']): void {
  nativeTheme.themeSource = theme
}

/** What the window needs to know of the app and its machine. */
export function appFacts({ theme, systemFrame }: Preferences, sandboxed: boolean): AppFacts {
  return {
    version: app.getVersion(),
    platform: process.platform,
    electron: process.versions.electron,
    theme,
    dark: nativeTheme.shouldUseDarkColors,
    reducedMotion: systemPreferences.getAnimationSettings().prefersReducedMotion,
    systemFrame,
    sandboxed,
    homeDir: homedir(),
  }
}

/** Calls back when the system's colours change, for as long as the app runs. */
export function onThemeChanged(listener: () => void): void {
  nativeTheme.on('updated', listener)
}
