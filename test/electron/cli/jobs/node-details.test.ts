import { describe, expect, it } from 'vitest'
import { summariseOutputs } from '../../../../electron/cli/jobs/node-details'
import { executionSchema } from '../../../../shared/wire/job'

const execution = (NodeID: string, output: Record<string, string>) => executionSchema.parse({ NodeID, RunOutput: output })

describe('summariseOutputs', () => {
  it('puts equal outputs together, and takes errors before outputs', () => {
    const one = 'n-99091cee-66b8-43ca-865f-c93385caebe6'
    const told = summariseOutputs([
      execution(one, { Stdout: 'a\nb\n' }),
      execution('two', { Stdout: 'same' }),
      execution('three', { Stdout: 'same\n' }),
      execution('three', { stderr: 'same' }),
      execution('four', { ErrorMsg: 'broken', Stdout: 'x' }),
      execution('five', {}),
    ])
    expect(told).toEqual(['• Node n-99091cee: a\n                   b\n', '• 3 runs on 2 nodes: same\n', '• Node four: broken\n'])
    expect(summariseOutputs([execution('one', { Stdout: 'a' }), execution('one', { Stdout: 'a' })])).toEqual(['• 2 runs on one node: a\n'])
  })
})
