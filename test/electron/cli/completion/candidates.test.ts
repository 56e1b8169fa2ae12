import { Command, Option } from 'commander'
import { describe, expect, it } from 'vitest'
import { candidates } from '../../../../electron/cli/completion/candidates'

const program = new Command('shoal').option('--api-host <host>', 'x')
const node = program.command('node')
node
  .command('list')
  .addOption(new Option('--output <format>', 'x').choices(['table', 'json']))
  .addOption(new Option('-s, --selector <s>', 'x').hideHelp())
  .addOption(new Option('--wide', 'x'))
node.command('describe').argument('<id>')
program.command('nothing')

describe('candidates', () => {
  it.each([
    ['', 'node nothing'],
    ['no', 'node nothing'],
    ['nod', 'node'],
    ['node ', 'list describe'],
    ['node l', 'list'],
    ['--api-host node no', 'node nothing'],
    ['node list --', '--output --wide --api-host --help'],
    ['node list --o', '--output'],
    ['node list --output ', 'table json'],
    ['node list --output j', 'json'],
    ['node list --api-host ', ''],
    ['node describe ', ''],
    ['node list -- --o', ''],
  ])('%j → %j', (line, expected) => {
    expect(candidates(program, line.split(' ')).join(' ')).toBe(expected)
  })
})
