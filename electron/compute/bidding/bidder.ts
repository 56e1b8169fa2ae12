import { toFailure } from '../../../shared/errors'
import { networkType } from '../../../shared/jobs/network-type'
import type { Resources } from '../../../shared/models/resources'
import type { Work } from '../executions/work'
import type { Executor } from '../executors/executor'
import { findStorage, type StorageSource } from '../storage/storage-source'
import type { Publisher } from '../publishers/publisher'
import { type BidFacts, type BidPolicy, resourceReasons, semanticReasons } from './bid-strategies'
import { environmentFaults, type HostEnvironment } from './environment'
import { askCommand, askUrl, type Verdict } from './probes'
import { usageOf } from './usage'

/** What comes of looking at an execution. `usage`: what it would take of this node, once every amount is known. */
export type Bid =
  | { readonly kind: 'wanted'; readonly usage: Resources }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] }
  /** Something that has to be asked does not answer: no refusal, but a failure. */
  | { readonly kind: 'failed'; readonly message: string; readonly hint?: string }

interface BidderOptions {
  readonly executors: readonly Executor[]
  readonly storages: readonly StorageSource[]
  readonly publishers: readonly Publisher[]
  readonly policy: BidPolicy
  readonly envAllowList: readonly string[]
  readonly hostEnv: HostEnvironment
  /** Empty for none. */
  readonly probeExec: string
  readonly probeHttp: string
  readonly path: string | undefined
  /** All that jobs may use of this node. */
  readonly max: () => Resources
}

/** Whether this node wants to run something. Never rejects; any number at a time. */
export type Bidder = (work: Work) => Promise<Bid>

/** Finds out what the strategies ask for, all at once, and lets them decide. */
export function createBidder(options: BidderOptions): Bidder {
  return async (work) => {
    try {
      const [inputs, rest, probeFaults] = await Promise.all([lookAtInputs(work, options), lookAtNode(work, options), askProbes(work, options)])
      const facts: BidFacts = { ...inputs.facts, ...rest, probeFaults }
      const reasons = semanticReasons(facts, options.policy)
      const usage = usageOf(work.task, inputs.bytes)
      if (reasons.length === 0) reasons.push(...resourceReasons(usage, options.max()))
      return reasons.length === 0 ? { kind: 'wanted', usage } : { kind: 'refused', reasons }
    } catch (error) {
      const { message, hint } = toFailure(error)
      return { kind: 'failed', message, ...(hint === undefined ? {} : { hint }) }
    }
  }
}

type InputFacts = Pick<BidFacts, 'inputs' | 'inputsElsewhere' | 'missingStorages' | 'inputFaults'>

async function lookAtInputs({ task }: Work, { storages, policy }: BidderOptions): Promise<{ facts: InputFacts; bytes: number }> {
  const sources = task.InputSources ?? []
  const missing = new Set<string>()
  const faults: string[] = []
  let bytes = 0
  let elsewhere = 0
  await Promise.all(
    sources.map(async ({ Source }) => {
      const storage = findStorage(storages, Source.Type)
      if (storage === undefined || !(await storage.available()).ok) return void missing.add(Source.Type)
      try {
        bytes += await storage.sizeBytes(Source.Params ?? {})
        if (policy.locality === 'local' && !(await storage.isLocal(Source.Params ?? {}))) elsewhere += 1
      } catch (error) {
        const { message, hint } = toFailure(error)
        faults.push(hint === undefined ? message : `${message} ${hint}`)
      }
    }),
  )
  return { facts: { inputs: sources.length, inputsElsewhere: elsewhere, missingStorages: [...missing], inputFaults: faults }, bytes }
}

type NodeFacts = Pick<BidFacts, 'networked' | 'missingPublisher' | 'missingEngine' | 'engineFault' | 'envFaults'>

async function lookAtNode({ task }: Work, { executors, publishers, envAllowList, hostEnv }: BidderOptions): Promise<NodeFacts> {
  const network = networkType(task.Network.Type) ?? 'Host'
  const publisher = publishers.find(({ type }) => type === task.Publisher.Type.toLowerCase())
  const executor = executors.find(({ type }) => type === task.Engine.Type.toLowerCase())
  const [offered, runs] = await Promise.all([publisher?.available(), executor?.available()])
  const engineFault = runs?.ok === true ? await executor?.check(task) : undefined
  return {
    networked: network !== 'Default' && network !== 'None',
    missingPublisher: task.Publisher.Type === '' || offered?.ok === true ? undefined : { type: task.Publisher.Type, reason: offered?.reason },
    missingEngine: runs?.ok === true ? undefined : { type: task.Engine.Type, reason: runs?.reason },
    engineFault,
    envFaults: environmentFaults(task.Env ?? {}, envAllowList, hostEnv),
  }
}

async function askProbes({ job }: Work, { probeExec, probeHttp, path }: BidderOptions): Promise<string[]> {
  const asked: Promise<Verdict>[] = []
  if (probeExec !== '') asked.push(askCommand(probeExec, job, path))
  if (probeHttp !== '') asked.push(askUrl(probeHttp, job))
  return (await Promise.all(asked)).flatMap((verdict) => (verdict.accepts ? [] : [verdict.reason]))
}
