import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { plainBooleans } from '../../../electron/cli/boolean-flags'

const command = new Command('run')
  .option('--wait', 'x', true)
  .option('--no-wait', 'x')
  .option('--force', 'x')
  .option('--name <name>', 'x')
  .option('--no-style', 'x')

describe('plainBooleans', () => {
  it.each([
    ['--wait=false', '--no-wait'],
    ['--wait=true', '--wait'],
    ['--wait=0', '--no-wait'],
    ['--force=true', '--force'],
    ['--force=T', '--force'],
    ['--force=false', ''],
    ['--no-style=true', '--no-style'],
    ['--no-style=false', ''],
    ['--name=false', '--name=false'],
    ['--unknown=false', '--unknown=false'],
    ['job.yaml --wait=false -- --force=true', 'job.yaml --no-wait -- --force=true'],
  ])('%s → %s', (given, expected) => {
    expect(plainBooleans(given.split(' '), command).join(' ')).toBe(expected)
  })

  it.each(['--wait=perhaps', '--force=', '--no-style=2'])('refuses %s', (given) => {
    expect(() => plainBooleans([given], command)).toThrow(/cannot be ".*"\. It is true or false\./)
  })
})
