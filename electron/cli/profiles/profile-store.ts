import { mkdir, readdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { closest } from '../../../shared/config/closest'
import { AppError } from '../../../shared/errors'
import { isMissing } from '../../../shared/system-error'
import { readText } from '../../config/read-config-file'

/** A cluster that commands can be pointed at by name: the content of `profiles/NAME.yaml`, in Bacalhau's form. */
export interface Profile {
  /** URL of the API. */
  readonly endpoint: string
  readonly description?: string | undefined
  /** A duration; kept, and without effect, as in Bacalhau. */
  readonly timeout?: string | undefined
  readonly auth?: { readonly token?: string | undefined } | undefined
  readonly tls?: { readonly insecure?: boolean | undefined } | undefined
}

const profileSchema = z.object({
  endpoint: z.string().min(1),
  description: z.string().optional(),
  timeout: z.string().optional(),
  auth: z.object({ token: z.string().optional() }).optional(),
  tls: z.object({ insecure: z.boolean().optional() }).optional(),
})

/** The profiles of one data directory: a YAML file each, and the link `current` to the one that counts where none is named. */
export interface ProfileStore {
  /** Sorted. */
  names(): Promise<readonly string[]>
  /** Undefined where none is selected, or the selected one is gone. */
  current(): Promise<string | undefined>
  /** Throws `profile.unknown` and `profile.broken`. */
  read(name: string): Promise<Profile>
  has(name: string): Promise<boolean>
  /** Makes it or replaces it. Throws `profile.bad-name`. */
  save(name: string, profile: Profile): Promise<void>
  /** Throws `profile.unknown`. */
  select(name: string): Promise<void>
  /** Throws `profile.unknown`. One that is selected is no longer. */
  remove(name: string): Promise<void>
}

const LINK = 'current'
const ENDING = '.yaml'

/** Reads and writes nothing before something is asked of it. */
export function createProfileStore(dataDir: string): ProfileStore {
  const folder = join(dataDir, 'profiles')
  const fileOf = (name: string): string => join(folder, `${name}${ENDING}`)
  const names = async (): Promise<readonly string[]> => {
    const files = await readdir(folder).catch((error: unknown) => {
      if (isMissing(error)) return []
      throw error
    })
    return files
      .filter((file) => file.endsWith(ENDING) && !file.startsWith('.'))
      .map((file) => file.slice(0, -ENDING.length))
      .sort()
  }
  const has = async (name: string): Promise<boolean> => isName(name) && (await readText(fileOf(name))) !== undefined
  const demand = async (name: string): Promise<void> => {
    if (await has(name)) return
    const known = await names()
    const near = closest(name, known)
    throw new AppError('profile.unknown', `profile "${name}" not found${near === undefined ? '' : `. Did you mean ${near}?`}`, {
      hint: known.length === 0 ? 'Make one: shoal profile save NAME --endpoint http://HOST:1234' : 'Run `shoal profile list` to see all profiles.',
    })
  }
  const current = async (): Promise<string | undefined> => {
    const target = await readlink(join(folder, LINK)).catch((error: unknown) => {
      if (isMissing(error)) return undefined
      throw error
    })
    if (target === undefined) return undefined
    const name = basename(target, ENDING)
    return (await has(name)) ? name : undefined
  }
  return {
    names,
    current,
    has,
    read: async (name) => {
      await demand(name)
      return readProfile(fileOf(name))
    },
    save: async (name, profile) => {
      if (!isName(name))
        throw new AppError('profile.bad-name', `"${name}" cannot be the name of a profile.`, {
          hint: 'Use letters, digits, "-", "_" and ".", with a letter or digit first.',
        })
      const { stringify } = await import('yaml')
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const fresh = join(folder, `.${name}.${process.pid}.new`)
      await writeFile(fresh, stringify(profile), { mode: 0o600 })
      await rename(fresh, fileOf(name))
    },
    select: async (name) => {
      await demand(name)
      const fresh = join(folder, `.${LINK}.${process.pid}.new`)
      await rm(fresh, { force: true })
      await symlink(`${name}${ENDING}`, fresh)
      await rename(fresh, join(folder, LINK))
    },
    remove: async (name) => {
      await demand(name)
      if ((await current()) === name) await rm(join(folder, LINK), { force: true })
      await rm(fileOf(name))
    },
  }
}

async function readProfile(file: string): Promise<Profile> {
  const { parse, YAMLError } = await import('yaml')
  try {
    return profileSchema.parse(parse((await readText(file)) ?? ''))
  } catch (error) {
    if (!(error instanceof YAMLError) && !(error instanceof z.ZodError)) throw error
    throw new AppError('profile.broken', `${file} is no profile: it is not YAML with an "endpoint".`, {
      hint: 'Mend it, or make it anew with `shoal profile save NAME --endpoint URL`.',
      cause: error,
    })
  }
}

/** One part of a path, which no shell and no file system trips over. */
function isName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name) && name !== LINK
}
