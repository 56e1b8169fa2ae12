import { describe, expect, it } from 'vitest'
import { bacErrorFacts } from '../../../shared/wire/bac-error'

describe('bacErrorFacts', () => {
  it.each([
    ['HandshakeRequired', 428, 428, true, 'ConnectionManager'],
    ['ConflictNodeState', 409, 409, false, 'NodesManager'],
    ['NotFound', 404, 0, false, 'Bacalhau'],
    ['BadRequest', 400, 0, false, 'Bacalhau'],
    ['', 500, 0, false, 'Bacalhau'],
    ['ledger.full', 500, 0, false, 'Bacalhau'],
    ['constructor', 500, 0, false, 'Bacalhau'],
  ])('%j', (code, status, explicitStatus, retryable, component) => {
    expect(bacErrorFacts(code)).toEqual({ status, explicitStatus, retryable, component })
  })
})
