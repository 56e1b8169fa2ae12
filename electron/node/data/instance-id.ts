import { request } from 'node:http'
import { AppError } from '../../../shared/errors'

/** Where the metadata services are; arguments for tests. */
interface MetadataServices {
  readonly aws: string
  readonly gcp: string
}

const services: MetadataServices = { aws: 'http://169.254.169.254', gcp: 'http://metadata.google.internal' }
const LIMIT_MS = 3_000

/**
 * The id of this machine in a cloud, as its metadata service tells it.
 * @throws AppError `node-id.unavailable`
 */
export async function askInstanceId(cloud: 'aws' | 'gcp', at: MetadataServices = services): Promise<string> {
  try {
    if (cloud === 'gcp') return await ask('GET', `${at.gcp}/computeMetadata/v1/instance/id`, { 'Metadata-Flavor': 'Google' })
    // Version 2 of the service wants a session token first; where only version 1 is there, that request fails.
    // Without sessions, in its first version, the service answers as well.
    const session = await ask('PUT', `${at.aws}/latest/api/token`, { 'X-aws-ec2-metadata-token-ttl-seconds': '60' }).catch(() => undefined)
    return await ask('GET', `${at.aws}/latest/meta-data/instance-id`, session === undefined ? {} : { 'X-aws-ec2-metadata-token': session })
  } catch (cause) {
    throw new AppError(
      'node-id.unavailable',
      `NameProvider is ${cloud}, but the metadata service of ${cloud === 'aws' ? 'AWS' : 'Google Cloud'} does not answer here.`,
      {
        hint: 'Give the node a name with --name, or set NameProvider to puuid.',
        cause,
      },
    )
  }
}

function ask(method: 'GET' | 'PUT', url: string, headers: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { method, headers, timeout: LIMIT_MS }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        text += chunk
        if (text.length > 4096) asking.destroy(new Error('the answer is too long for an id'))
      })
      answer.on('error', reject)
      answer.on('end', () => (answer.statusCode === 200 ? resolve(text) : reject(new Error(`it answered ${answer.statusCode}`))))
    })
    asking.on('timeout', () => asking.destroy(new Error('it did not answer in time')))
    asking.on('error', reject)
    asking.end()
  })
}
