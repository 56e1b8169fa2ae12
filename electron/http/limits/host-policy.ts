/** Whom a server may be called by. Against pages that make a browser talk to it: by another name (`Host`), or from elsewhere (`Origin`). */
export interface HostPolicyOptions {
  /** Address that the server is bound to, as the socket tells it. */
  readonly boundTo: string
  /** Names and addresses of this machine as they are now; asked only when bound wider than loopback. */
  readonly ownNames: () => readonly string[]
}

interface CallerHeaders {
  readonly host: string | undefined
  readonly origin: string | undefined
  /** `Sec-Fetch-Site`: set by browsers, never by programs. */
  readonly fetchSite: string | undefined
}

/** Why a request is refused, or `undefined` when it may pass. */
export function refuseCaller(caller: CallerHeaders, options: HostPolicyOptions): string | undefined {
  const host = hostnameOf(caller.host)
  if (host === undefined) return 'The request names no host.'
  const loopback = isLoopbackName(host)
  if (!loopback && (isLoopbackName(options.boundTo) || !options.ownNames().some((name) => normal(name) === host))) {
    return `This API does not answer to the name ${JSON.stringify(host)}.`
  }
  if (caller.origin !== undefined && !isSameOrigin(caller.origin, caller.host ?? ''))
    return `Pages of ${JSON.stringify(caller.origin)} may not use this API.`
  if (caller.fetchSite !== undefined && !['same-origin', 'none'].includes(caller.fetchSite)) return 'Pages of other sites may not use this API.'
  return undefined
}

/** Whether an address or name can only mean this machine itself. */
export function isLoopbackName(name: string): boolean {
  const plain = normal(name)
  return plain === 'localhost' || plain === '::1' || /^127(\.\d{1,3}){3}$/.test(plain) || /^::ffff:127(\.\d{1,3}){3}$/.test(plain)
}

/** The name in a `Host` header: without port, brackets, final dot; in lower case. `undefined` if it is none. */
function hostnameOf(header: string | undefined): string | undefined {
  const parts = /^(\[[0-9a-f:.%]+\]|[^:/@\s[\]]+)(?::\d{1,5})?$/i.exec(header ?? '')
  return parts?.[1] === undefined ? undefined : normal(parts[1])
}

function normal(name: string): string {
  return name
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .replace(/%.*$/, '')
}

function isSameOrigin(origin: string, host: string): boolean {
  return /^https?:\/\//.test(origin) && origin.replace(/^https?:\/\//, '').toLowerCase() === host.toLowerCase()
}
