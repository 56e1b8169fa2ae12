import { AppError } from '../../../shared/errors'
import type { SpecConfig } from '../../../shared/models/job'
import { parseCsvRecord } from './csv-record'

/** Where results go, as `-p` tells it: `local`, `ipfs`, `s3managed`, `s3://BUCKET/KEY[,opt=KEY=VALUE]`. Throws `cli.bad-publisher`. */
export function parsePublisher(text: string): SpecConfig {
  let uri = ''
  const options: Record<string, string> = {}
  for (const [index, field] of parseCsvRecord(text).entries()) {
    const equals = field.indexOf('=')
    const [key, value] = equals < 0 ? ['', field] : [field.slice(0, equals).toLowerCase(), field.slice(equals + 1)]
    if (key === '' && index === 0) uri = field
    else if (key === 'dst' || key === 'target' || key === 'destination') uri = value
    else if (key === 'opt' || key === 'option') {
      const cut = value.indexOf('=')
      if (cut > 0) options[value.slice(0, cut)] = value.slice(cut + 1)
    } else throw badPublisher(text, `invalid publisher option: ${field}`)
  }
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*)(?::\/\/(.*))?$/is.exec(uri.replace(/^[ '"]+|[ '"]+$/g, '')) ?? []
  switch (scheme.toLowerCase()) {
    case 'ipfs':
      return { Type: 'ipfs' }
    case 'local':
      return { Type: 'local' }
    case 's3managed':
      return { Type: 's3managed' }
    case 's3': {
      const slash = rest.indexOf('/')
      const [bucket, key] = slash < 0 ? [rest, ''] : [rest.slice(0, slash), rest.slice(slash).replace(/^\/+/, '')]
      return { Type: 's3', Params: { bucket, key, ...options } }
    }
    default:
      throw badPublisher(text, `unknown publisher type: ${scheme === '' ? uri : scheme}`)
  }
}

/** A result path as `-o` tells it, `NAME:PATH`. Throws `cli.bad-output`. */
export function parseResultPath(text: string): { readonly Name: string; readonly Path: string } {
  const [Name = '', Path = '', ...more] = text.split(':')
  if (Name !== '' && Path !== '' && more.length === 0) return { Name, Path }
  throw new AppError('cli.bad-output', `invalid output volume: ${text}`, { hint: 'Write -o NAME:PATH, such as -o outputs:/outputs.' })
}

function badPublisher(text: string, reason: string): AppError {
  return new AppError('cli.bad-publisher', `--publisher cannot be "${text}": ${reason}.`, {
    hint: 'Use local, ipfs, s3managed or s3://BUCKET/KEY,opt=region=REGION.',
  })
}
