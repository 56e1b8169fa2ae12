import { readFileSync, renameSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { messageOf } from '../../shared/errors'
import { readJsonObject } from '../../shared/read-json'
import { isMissing } from '../../shared/system-error'
import type { Rectangle, WindowPlace } from './window/window-bounds'

/** What this app remembers for its user beside clusters. */
export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark'
  /** What closing the window does to running nodes. */
  readonly onClose: 'ask' | 'keep-running' | 'stop-all'
  /** The system's own window frame in place of ours (tiling window managers). */
  readonly systemFrame: boolean
  readonly window?: WindowPlace
}

/** Before the user has chosen anything, and where the file cannot be read. */
export const defaultPreferences: Preferences = { theme: 'system', onClose: 'ask', systemFrame: false }

/** Preferences from the text of their file; a value that does not fit falls back to its default. Undefined when it is no JSON object at all. */
export function parsePreferences(text: string): Preferences | undefined {
  const value = readJsonObject(text)
  if (value === undefined) return undefined
  const place = placeOf(value.window)
  return {
    theme: oneOf(value.theme, ['system', 'light', 'dark'], defaultPreferences.theme),
    onClose: oneOf(value.onClose, ['ask', 'keep-running', 'stop-all'], defaultPreferences.onClose),
    systemFrame: value.systemFrame === true,
    ...(place === undefined ? {} : { window: place }),
  }
}

/** The user’s choices, and the file that keeps them. */
export interface PreferencesFile {
  readonly current: Preferences
  /** Takes effect at once; reaches the disk soon after, whole or not at all. */
  update(change: Partial<Preferences>): void
  /** Resolves when the last update is on the disk. */
  flush(): Promise<void>
}

/**
 * Read before the window opens, hence in one synchronous go. A broken file is set aside as `<path>.bad` and told through `onTrouble`;
 * the app opens with defaults.
 */
export function openPreferences(path: string, onTrouble: (message: string) => void): PreferencesFile {
  let current = read(path, onTrouble)
  let writing: Promise<void> = Promise.resolve()
  return {
    get current() {
      return current
    },
    update: (change) => {
      current = { ...current, ...change }
      const text = `${JSON.stringify(current, null, 2)}\n`
      writing = writing
        .then(() => save(path, text))
        .catch((error: unknown) => {
          onTrouble(`Preferences were not saved: ${messageOf(error)}`)
        })
    },
    flush: () => writing,
  }
}

function read(path: string, onTrouble: (message: string) => void): Preferences {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (!isMissing(error)) onTrouble(`Preferences cannot be read: ${messageOf(error)}`)
    return defaultPreferences
  }
  const parsed = parsePreferences(text)
  if (parsed !== undefined) return parsed
  onTrouble(`Preferences are not readable; the file is kept as ${path}.bad.`)
  try {
    renameSync(path, `${path}.bad`)
  } catch (error) {
    onTrouble(`The broken file could not be set aside: ${messageOf(error)}`)
  }
  return defaultPreferences
}

async function save(path: string, text: string): Promise<void> {
  const temporary = `${path}.tmp`
  await writeFile(temporary, text, { mode: 0o600, flush: true })
  await rename(temporary, path)
}

function oneOf<const Word extends string>(value: unknown, words: readonly Word[], fallback: Word): Word {
  return words.find((word) => word === value) ?? fallback
}

function placeOf(value: unknown): WindowPlace | undefined {
  if (typeof value !== 'object' || value === null || !('bounds' in value)) return undefined
  const bounds = boundsOf(value.bounds)
  return bounds === undefined ? undefined : { bounds, maximized: 'maximized' in value && value.maximized === true }
}

function boundsOf(value: unknown): Rectangle | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { x, y, width, height } = value as Record<string, unknown>
  const whole = (side: unknown): side is number => typeof side === 'number' && Number.isInteger(side)
  return whole(x) && whole(y) && whole(width) && whole(height) ? { x, y, width, height } : undefined
}
