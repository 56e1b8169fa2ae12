import { AppError } from '../../shared/errors'
import type { ConfigKey } from '../../shared/config/keys'
import { findKey, lookUpKey } from '../../shared/config/keys'

/** What one argument of `-c` means. */
export type ConfigArgument =
  { readonly kind: 'value'; readonly key: ConfigKey; readonly text: string } | { readonly kind: 'file'; readonly path: string }

/**
 * Tells `key=value` (split at the first `=`), a file (`.yaml`, `.yml`) and a bare boolean key apart.
 * @param exists whether there is a file of that name; asked only to explain an argument that is none of the three.
 * Throws `config.unknown-key`, `config.missing-value` and `config.bad-file-name`.
 */
export function classifyConfigArgument(argument: string, exists: (path: string) => boolean): ConfigArgument {
  const equals = argument.indexOf('=')
  if (equals >= 0) return { kind: 'value', key: findKey(argument.slice(0, equals).trim()), text: argument.slice(equals + 1) }
  if (/\.ya?ml$/i.test(argument)) return { kind: 'file', path: argument }
  const key = lookUpKey(argument)
  if (key?.kind === 'boolean') return { kind: 'value', key, text: 'true' }
  if (key !== undefined) throw new AppError('config.missing-value', `-c ${argument} needs a value.`, { hint: `Write -c ${key.name}=VALUE.` })
  if (exists(argument)) {
    throw new AppError('config.bad-file-name', `-c ${argument} names a file whose name does not end in .yaml or .yml.`, { hint: 'Rename the file.' })
  }
  return { kind: 'value', key: findKey(argument), text: 'true' }
}
