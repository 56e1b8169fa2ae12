const FLAGS = new Set(['force', 'debug'])
const SHORT = { s: 's', t: 't', d: 'd' }

/**
 * Reads the command line that electron-builder gives to fpm.
 *
 * @param {readonly string[]} args
 * @returns {{fields: Record<string, string>, depends: string[], recommends: string[], files: Array<{from: string, to: string}>}}
 */
export function parseArguments(args) {
  /** @type {Record<string, string>} */
  const fields = {}
  const depends = []
  const recommends = []
  const files = []
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at]
    const name = arg.startsWith('--') ? arg.slice(2) : arg.startsWith('-') ? SHORT[arg.slice(1)] : undefined
    if (arg.startsWith('-') && name === undefined) throw new Error(`unknown option of fpm: ${arg}`)
    if (name === undefined) {
      const cut = arg.lastIndexOf('=')
      files.push({ from: arg.slice(0, cut), to: arg.slice(cut + 1) })
    } else if (!FLAGS.has(name)) {
      at += 1
      if (name === 'd') depends.push(args[at])
      else if (name === 'deb-recommends') recommends.push(args[at])
      else fields[name] = args[at]
    }
  }
  return { fields, depends, recommends, files }
}

/**
 * @param {{fields: Record<string, string>, depends: readonly string[], recommends: readonly string[], installedKiB: number}} options
 * @returns {string} the text of DEBIAN/control (deb-control(5))
 */
export function controlFile({ fields, depends, recommends, installedKiB }) {
  const [synopsis = '', ...rest] = fields.description.split('\n').map((line) => line.trim())
  const long = rest.filter((line) => line !== '' && line !== synopsis)
  const lines = [
    ['Package', fields.name],
    ['Version', fields.version],
    ['Architecture', fields.architecture],
    ['Maintainer', fields.maintainer],
    ['Installed-Size', String(installedKiB)],
    ['Depends', depends.join(', ')],
    ['Recommends', recommends.join(', ')],
    ['Section', fields.category ?? 'utils'],
    ['Priority', fields['deb-priority'] ?? 'optional'],
    ['Homepage', fields.url],
    ['Description', [synopsis || long.shift() || fields.name, ...long.map((line) => ` ${line}`)].join('\n')],
  ]
  return lines.flatMap(([name, value]) => (value ? [`${name}: ${value}\n`] : [])).join('')
}
