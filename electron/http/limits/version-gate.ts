/** What is answered to a client whose version is not taken; `undefined` lets it in. */
interface VersionRefusal {
  readonly status: 400 | 403
  readonly body: Readonly<Record<string, string>>
}

const oldest = [1, 4, 0] as const
/** Builds that were made without a version. */
const unversioned = ['', 'v0.0.0', 'v0.0.0-xxxxxxx']

/**
 * Bacalhau's check of the request header `X-Bacalhau-Git-Version`: clients older than 1.4.0 are told to update.
 * @param serverVersion this server's own, with or without `v`
 */
export function refuseVersion(clientVersion: string, serverVersion: string): VersionRefusal | undefined {
  if (unversioned.includes(clientVersion)) return undefined
  const parsed = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/.exec(clientVersion)
  if (parsed === null) return { status: 400, body: { Error: `Invalid client version ${clientVersion}` } }
  const numbers = [parsed[1], parsed[2], parsed[3]].map((part) => Number(part ?? 0))
  if (!isOlder(numbers, parsed[4] !== undefined)) return undefined
  return {
    status: 403,
    body: {
      Error: 'Client version is outdated. Update your client',
      MinVersion: oldest.join('.'),
      ClientVersion: withoutV(clientVersion),
      ServerVersion: withoutV(serverVersion),
    },
  }
}

function isOlder(numbers: readonly number[], preRelease: boolean): boolean {
  const different = oldest.findIndex((part, at) => part !== numbers[at])
  if (different === -1) return preRelease
  return (numbers[different] ?? 0) < (oldest[different] ?? 0)
}

function withoutV(version: string): string {
  return version.replace(/^v/, '')
}
