import { describe, expect, it } from 'vitest'
import { cutSecret } from '../../../../renderer/features/config/secret-lines'

describe('cutSecret', () => {
  it.each([
    ['    Token: abc', '    Token: ', 'abc'],
    ['token: "a b" # mine', 'token: ', '"a b" # mine'],
    ['Orchestrator.Auth.Token: abc', 'Orchestrator.Auth.Token: ', 'abc'],
    ['    Token:', '    Token:', ''],
    ['    Token: # none yet', '    Token: # none yet', ''],
    ['    Host: 127.0.0.1', '    Host: 127.0.0.1', ''],
    ['# Token: abc', '# Token: abc', ''],
    ['TokenTTL: 5m', 'TokenTTL: 5m', ''],
  ])('%s', (line, before, secret) => {
    expect(cutSecret(line)).toEqual({ before, secret })
  })
})
