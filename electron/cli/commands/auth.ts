import type { Session } from '../session'

const variables = [
  ['API Key', 'API_KEY'],
  ['Username', 'API_USERNAME'],
  ['Password', 'API_PASSWORD'],
] as const

/** `shoal auth info`: which API commands go to, what of the environment they show there, and how it signs people in. No secret is printed. */
export async function printAuthInfo(session: Session): Promise<void> {
  const { stdout, env } = session.io
  stdout.write(`\nTarget environment: ${(await session.api()).baseUrl}\n\nEnvironment Variables:\n`)
  for (const [head, name] of variables) stdout.write(`${head}: ${env[`SHOAL_${name}`] || env[`BACALHAU_${name}`] ? 'Set' : 'Not Set'}\n`)
  const { Version, ...answer } = await session.withClient((client) => client.call('agentAuthConfig'))
  stdout.write('\nNode SSO Authentication:\n')
  const provider = textsOf(answer['Config'])
  if (provider('ProviderID') === '') stdout.write('Server does not support SSO login\n')
  else stdout.write(`Provider Name: ${provider('ProviderName')}\nProvider ID: ${provider('ProviderID')}\nVersion: ${Version}\n`)
  stdout.write('\nWhat is set in the environment is shown before anything else.\n')
}

function textsOf(config: unknown): (key: string) => string {
  return (key) => {
    const value: unknown = typeof config === 'object' && config !== null && key in config ? (config as Readonly<Record<string, unknown>>)[key] : ''
    return typeof value === 'string' ? value : ''
  }
}
