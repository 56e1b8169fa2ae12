import { posix } from 'node:path'
import { AppError } from '../../../shared/errors'
import type { InputSource, SpecConfig } from '../../../shared/models/job'
import { parseCsvRecord } from './csv-record'

const hint = 'Write -i URI[:TARGET] or -i src=URI,dst=TARGET[,opt=KEY=VALUE]; a URI begins with ipfs://, s3://, http://, https:// or file://.'

/**
 * An input as `-i` tells it: `URI[:TARGET]`, or fields `src=`, `dst=`, `opt=KEY=VALUE` with commas between. The URI becomes the alias. Throws `cli.bad-input`.
 * @param defaultTarget where the input lies in the task when none is told
 */
export function parseInputSource(text: string, defaultTarget: string): InputSource {
  const told = { uri: '', target: defaultTarget }
  const options: Record<string, string> = {}
  for (const [index, field] of parseCsvRecord(text).entries()) {
    const equals = field.indexOf('=')
    const [key, value] = equals < 0 ? ['', field] : [field.slice(0, equals).toLowerCase(), field.slice(equals + 1)]
    if (key === 'src' || key === 'source') told.uri = value
    else if (key === 'dst' || key === 'target' || key === 'destination') told.target = value
    else if (key === 'opt' || key === 'option') {
      const cut = value.indexOf('=')
      if (cut > 0) options[value.slice(0, cut)] = value.slice(cut + 1)
    } else if (index === 0) Object.assign(told, splitTarget(field, defaultTarget))
    else throw badInput(text, `"${field}" is no option`)
  }
  const uri = unquoted(told.uri)
  return { Source: sourceOf(uri, options, text), Alias: uri, Target: unquoted(told.target) }
}

/** Whether a text begins like a URI. */
export function isUri(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
}

/** `URI:TARGET` apart, at the last colon; the port of a server is no target. */
export function splitTarget(text: string, defaultTarget: string): { readonly uri: string; readonly target: string } {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0] ?? ''
  const colon = text.lastIndexOf(':')
  if (colon < scheme.length) return { uri: text, target: defaultTarget }
  const target = text.slice(colon + 1)
  const isPort = /^https?:/i.test(scheme) && /^\d+(\/|$)/.test(target) && !text.slice(scheme.length, colon).includes('/')
  return isPort ? { uri: text, target: defaultTarget } : { uri: text.slice(0, colon), target }
}

function sourceOf(uri: string, options: Readonly<Record<string, string>>, text: string): SpecConfig {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(uri) ?? []
  const slash = rest.indexOf('/')
  const [host, path] = slash < 0 ? [rest, ''] : [rest.slice(0, slash), rest.slice(slash)]
  switch (scheme.toLowerCase()) {
    case 'ipfs':
      return { Type: 'ipfs', Params: { CID: host } }
    case 'http':
    case 'https':
      return { Type: 'urlDownload', Params: { URL: uri } }
    case 's3':
      return { Type: 's3', Params: s3Params(host, path, options, text) }
    case 'file':
      return { Type: 'local', Params: { CreateAs: '', ReadWrite: isWritable(options, text), SourcePath: posix.join(host, path) } }
    default:
      throw badInput(text, scheme === '' ? 'it has no storage schema' : `unknown storage schema: ${scheme}`)
  }
}

const s3Options: Readonly<Record<string, string>> = {
  endpoint: 'Endpoint',
  region: 'Region',
  filter: 'Filter',
  versionid: 'VersionID',
  checksum256: 'ChecksumSHA256',
}

function s3Params(bucket: string, path: string, options: Readonly<Record<string, string>>, text: string): Readonly<Record<string, unknown>> {
  const params: Record<string, unknown> = {
    Bucket: bucket,
    ChecksumSHA256: '',
    Endpoint: '',
    Filter: '',
    Key: path.replace(/^\/+/, ''),
    Region: '',
    VersionID: '',
  }
  for (const [name, value] of Object.entries(options)) {
    const param = s3Options[name.toLowerCase().replaceAll(/[-_]/g, '')]
    if (param === undefined) throw badInput(text, `unknown option "${name}" for storage s3`)
    params[param] = value
  }
  return params
}

function isWritable(options: Readonly<Record<string, string>>, text: string): boolean {
  let writable = false
  for (const [name, value] of Object.entries(options)) {
    if (!['rw', 'readwrite'].includes(name.replaceAll(/[-_]/g, ''))) throw badInput(text, `unknown option "${name}" for a local path`)
    if (!/^(1|t|true|0|f|false)$/i.test(value)) throw badInput(text, `"${value}" is neither true nor false`)
    writable = /^(1|t|true)$/i.test(value)
  }
  return writable
}

function unquoted(text: string): string {
  return text.replace(/^[ '"]+|[ '"]+$/g, '')
}

function badInput(text: string, reason: string): AppError {
  return new AppError('cli.bad-input', `--input cannot be "${text}": ${reason}.`, { hint })
}
