import { parseDuration } from '../../../shared/duration'
import { AppError } from '../../../shared/errors'
import { parseApiUrl } from '../../client/api-url'
import { resolveDataDirectory } from '../../config/resolve-config'
import type { OutputFlags } from '../output/format'
import { printRows } from '../output/format'
import type { Column } from '../output/table'
import type { Profile, ProfileStore } from '../profiles/profile-store'
import { createProfileStore } from '../profiles/profile-store'
import { readLine } from '../read-input'
import type { Session } from '../session'

const DEFAULT_TIMEOUT = '30s'

async function storeOf({ io, flags }: Session): Promise<ProfileStore> {
  return createProfileStore(await resolveDataDirectory({ flags, env: io.env, cwd: io.cwd, homeDir: io.homeDir }))
}

/** Flags of `shoal profile save`. */
export interface ProfileSaveFlags {
  readonly endpoint?: string
  readonly description?: string
  readonly timeout?: string
  readonly insecure?: boolean
  readonly select?: boolean
}

/** `shoal profile save NAME`: a new profile, or some values of an old one. */
export async function saveProfile(session: Session, name: string, flags: ProfileSaveFlags): Promise<void> {
  const store = await storeOf(session)
  const before = (await store.has(name)) ? await store.read(name) : undefined
  const endpoint = flags.endpoint === undefined ? before?.endpoint : parseApiUrl(flags.endpoint)
  if (endpoint === undefined)
    throw new AppError('profile.no-endpoint', 'endpoint is required when creating a new profile', {
      hint: `Write \`shoal profile save ${name} --endpoint http://HOST:1234\`.`,
    })
  if (flags.timeout !== undefined) parseDuration(flags.timeout)
  const profile: Profile = {
    ...before,
    endpoint,
    ...(flags.description === undefined ? {} : { description: flags.description }),
    ...(flags.timeout === undefined ? {} : { timeout: flags.timeout }),
    ...(flags.insecure === true ? { tls: { insecure: true } } : {}),
  }
  await store.save(name, profile)
  session.io.stdout.write(`Profile "${name}" saved\n`)
  if (flags.select === true) await selectProfile(session, name)
}

interface Listed {
  readonly current: string
  readonly name: string
  readonly endpoint: string
  readonly auth: string
}

const columns: readonly Column<Listed>[] = [
  { head: 'CURRENT', value: ({ current }) => current },
  { head: 'NAME', value: ({ name }) => name },
  { head: 'ENDPOINT', value: ({ endpoint }) => endpoint },
  { head: 'AUTH', value: ({ auth }) => auth },
]

/** `shoal profile list` */
export async function listProfiles(session: Session, flags: OutputFlags): Promise<void> {
  const store = await storeOf(session)
  const current = await store.current()
  const rows = await Promise.all(
    (await store.names()).map(async (name): Promise<Listed> => {
      const { endpoint, auth } = await store.read(name)
      return { current: name === current ? '*' : '', name, endpoint, auth: isSet(auth?.token) ? 'token' : '' }
    }),
  )
  if (rows.length === 0 && flags.output === 'table') session.io.stdout.write('No profiles found\n')
  else await printRows(session.io, flags, columns, rows, rows)
}

/** `shoal profile show [NAME]`: the selected one when none is named. */
export async function showProfile(
  session: Session,
  name: string | undefined,
  { showToken = false }: { readonly showToken?: boolean },
): Promise<void> {
  const store = await storeOf(session)
  const current = await store.current()
  const shown = name ?? current
  if (shown === undefined) throw new AppError('profile.none-selected', 'no current profile set', { hint: 'Select one: shoal profile select NAME' })
  const { endpoint, description, timeout, auth, tls } = await store.read(shown)
  const token = auth?.token
  const lines = [
    ['Name', shown === current ? `${shown} (current)` : shown],
    ['Endpoint', endpoint],
    ['Auth', isSet(token) ? `token (${showToken ? token : masked(token)})` : 'none'],
    ['TLS', tls?.insecure === true ? 'insecure' : 'secure'],
    ['Timeout', timeout ?? DEFAULT_TIMEOUT],
    ...(isSet(description) ? [['Description', description]] : []),
  ]
  for (const [head = '', text = ''] of lines) session.io.stdout.write(`${`${head}:`.padEnd(13)}${text}\n`)
}

/** `shoal profile select NAME` */
export async function selectProfile(session: Session, name: string): Promise<void> {
  await (await storeOf(session)).select(name)
  session.io.stdout.write(`Switched to profile "${name}"\n`)
}

/** `shoal profile delete NAME`; the selected one only after a yes. */
export async function deleteProfile(session: Session, name: string, { force = false }: { readonly force?: boolean }): Promise<void> {
  const store = await storeOf(session)
  if (!force && (await store.current()) === name) {
    session.io.stderr.write(`Profile "${name}" is the current profile. Delete anyway? [y/N]: `)
    if (!/^y(es)?$/i.test((await readLine()).trim()))
      throw new AppError('profile.kept', `Profile "${name}" is kept.`, { hint: 'Answer y, or add --force.' })
  }
  await store.remove(name)
  session.io.stdout.write(`Profile "${name}" deleted\n`)
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== ''
}

/** The ends of a long token, nothing of a short one. */
function masked(token: string): string {
  return token.length <= 8 ? '****' : `${token.slice(0, 4)}****${token.slice(-4)}`
}
