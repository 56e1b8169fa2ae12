import { execFile } from 'node:child_process'
import { AppError, toFailure } from '../../../shared/errors'
import type { Job } from '../../../shared/models/job'
import { readJsonObject } from '../../../shared/read-json'

/** Whether an outside judge wants the job; `reason` is what it said against it. */
export type Verdict = { readonly accepts: true } | { readonly accepts: false; readonly reason: string }

const LIMIT_MS = 30_000
const MOST_SAID = 2000

/** Linux starts no program with a variable of 128 KiB and more; a job with a module in it may be larger. */
const MOST_IN_VARIABLE = 100 * 1024

/**
 * `JobAdmissionControl.ProbeExec`: a command that gets the job as JSON on stdin and, when it is not too large, in `BACALHAU_JOB_SELECTION_PROBE_DATA`, and
 * nothing of the node's environment but PATH. Its exit code decides, its stderr is the reason. Rejects when it cannot be started or does not end.
 */
export function askCommand(command: string, job: Job, path: string | undefined, limitMs = LIMIT_MS): Promise<Verdict> {
  const data = JSON.stringify({ Job: job })
  const env = {
    // Its standard input is a socket, which a first bash takes for a remote login: it would read the user's start-up file.
    SHLVL: '1',
    ...(path === undefined ? {} : { PATH: path }),
    ...(data.length > MOST_IN_VARIABLE ? {} : { BACALHAU_JOB_SELECTION_PROBE_DATA: data }),
  }
  return new Promise((resolve, reject) => {
    const child = execFile(
      'bash',
      ['-c', command],
      { env, timeout: limitMs, killSignal: 'SIGKILL', maxBuffer: 16 << 20 },
      (error, _stdout, stderr) => {
        if (error === null) return resolve({ accepts: true })
        if (typeof error.code !== 'string' && error.killed === true)
          return reject(new AppError('probe.silent', `The command of JobAdmissionControl.ProbeExec did not end within ${limitMs / 1000} s.`))
        if (typeof error.code !== 'number')
          return reject(
            new AppError('probe.failed', `The command of JobAdmissionControl.ProbeExec cannot be run: ${error.message}.`, { cause: error }),
          )
        const said = stderr.trim().slice(0, MOST_SAID)
        const silent = `this node does not accept jobs where external command ${JSON.stringify(command)} returns exit code ${error.code}`
        resolve({ accepts: false, reason: said === '' ? silent : `this node does not accept this job: ${said}` })
      },
    )
    // A command that reads nothing closes its end before all is written.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(data)
  })
}

/**
 * `JobAdmissionControl.ProbeHTTP`: a POST of the job. A status of 400 and more refuses; a JSON answer may refuse by `shouldBid` and tell why. Rejects
 * when nobody answers.
 */
export async function askUrl(url: string, job: Job): Promise<Verdict> {
  let answer: Response
  let text: string
  try {
    answer = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ Job: job }),
      signal: AbortSignal.timeout(LIMIT_MS),
    })
    text = await answer.text()
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    throw new AppError('probe.failed', `JobAdmissionControl.ProbeHTTP does not answer: ${toFailure(cause).message}.`, { cause: error })
  }
  if (answer.status >= 400) {
    return { accepts: false, reason: `this node does not accept jobs where url ${JSON.stringify(url)} returns HTTP status code ${answer.status}` }
  }
  const verdict = readVerdict(text)
  return verdict?.shouldBid === false ? { accepts: false, reason: verdict.reason ?? 'this node does not accept this job' } : { accepts: true }
}

/** Undefined for an answer that decides nothing, which is a yes. Keys are read without case, as Go does. */
function readVerdict(text: string): { readonly shouldBid: boolean; readonly reason: string | undefined } | undefined {
  const byKey = new Map(Object.entries(readJsonObject(text) ?? {}).map(([key, field]) => [key.toLowerCase(), field]))
  const shouldBid = byKey.get('shouldbid')
  const reason = byKey.get('reason')
  return typeof shouldBid === 'boolean' ? { shouldBid, reason: typeof reason === 'string' && reason !== '' ? reason : undefined } : undefined
}
