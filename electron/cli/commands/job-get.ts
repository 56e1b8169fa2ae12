import { access, mkdir, rm, rmdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { systemCodeOf } from '../../../shared/system-error'
import type { Output } from '../../client/http-client'
import { AppError } from '../../../shared/errors'
import type { CliIo } from '../io'
import { fetchResult } from '../results/fetch-result'
import { mergeResults } from '../results/merge-results'
import { createProgressBar } from '../results/progress-bar'
import { resultFileName } from '../results/result-file-name'
import { unpackResult } from '../results/unpack-result'
import { withJobs } from '../jobs/with-jobs'
import type { Session } from '../session'

/** `raw`: the archives are kept as they were published, unmerged. */
export interface JobGetFlags {
  readonly namespace?: string
  readonly outputDir?: string
  readonly raw?: boolean
  /** Milliseconds for all downloads. */
  readonly downloadTimeoutSecs: number
}

type Result = NonNullable<Output<'jobResults'>['Items']>[number]

/** `shoal job get ID[/PATH]` */
export async function getResults(session: Session, wanted: string, flags: JobGetFlags): Promise<void> {
  const { io } = session
  const slash = wanted.indexOf('/')
  const [id, only] = slash < 0 ? [wanted, undefined] : [wanted.slice(0, slash), wanted.slice(slash + 1)]
  io.stderr.write(`Fetching results of job '${id}'...\n`)
  const { Items } = await withJobs(session, (client) => client.call('jobResults', { params: { id }, query: { namespace: flags.namespace } }))
  if (Items === null || Items === undefined || Items.length === 0) {
    io.stdout.write(`No results found\nTo see what the job has printed, execute:\n\tshoal job logs ${id}\n`)
    return
  }
  const addresses = Items.map(addressOf)
  if (addresses.includes(undefined)) {
    io.stderr.write(`These results lie where Shoal does not fetch them from; here is where they are:\n${JSON.stringify(Items, undefined, 2)}\n`)
    return
  }
  const target = await targetFolder(io, id, flags)
  await download(io, [...new Set(addresses.filter((one) => one !== undefined))], { target, only, flags })
  io.stdout.write(`Results for job '${id}' have been written to...\n${target}\n`)
}

/** Where a result can be fetched from; undefined for those that need more than HTTP. */
function addressOf({ Type, Params }: Result): string | undefined {
  const type = Type.toLowerCase()
  const url: unknown = type === 'urldownload' ? Params?.['URL'] : type === 's3presigned' ? Params?.['PreSignedURL'] : undefined
  return typeof url === 'string' ? url : undefined
}

/** The folder that is asked for, which must be there; or one with the name of the job, which is made. */
async function targetFolder(io: CliIo, id: string, { outputDir, namespace = 'default' }: JobGetFlags): Promise<string> {
  const target = resolve(io.cwd, outputDir ?? (namespace === 'default' ? `job-${id}` : `job-${namespace}-${id}`))
  if (outputDir === undefined) await mkdir(target, { recursive: true })
  else
    await access(target).catch((error: unknown) => {
      throw new AppError('results.no-folder', `output dir does not exist: ${target}`, { hint: `Make it first: mkdir -p ${target}`, cause: error })
    })
  return target
}

async function download(
  io: CliIo,
  urls: readonly string[],
  { target, only, flags }: { readonly target: string; readonly only: string | undefined; readonly flags: JobGetFlags },
): Promise<void> {
  const raw = join(target, 'raw')
  await mkdir(raw, { recursive: true })
  const signal = AbortSignal.timeout(flags.downloadTimeoutSecs)
  const bar = createProgressBar(io.stderr, () => performance.now())
  const files: string[] = []
  try {
    for (const url of urls) {
      const name = resultFileName(url)
      const file = join(raw, name)
      await fetchResult(url, file, signal, (done, total) => bar.show(name, done, total))
      files.push(file)
    }
  } finally {
    bar.clear()
  }
  if (flags.raw === true) return
  const folders: string[] = []
  for (const file of files) {
    const folder = file.replace(/\.(tar\.gz|tgz)$/, '')
    if (folder === file)
      throw new AppError('results.no-archive', `${file} is no tar.gz and cannot be merged.`, {
        hint: 'It stays where it is; --raw asks for just that.',
      })
    const leftOut = await unpackResult(file, folder)
    if (leftOut > 0) io.stderr.write(`Warning: ${leftOut} links or devices in ${file} are left out.\n`)
    folders.push(folder)
  }
  await mergeResults(folders, target, only)
  for (const path of [...files, ...folders]) await rm(path, { recursive: true, force: true })
  // What others have put there stays.
  await rmdir(raw).catch((error: unknown) => {
    if (!['ENOTEMPTY', 'EEXIST'].includes(systemCodeOf(error) ?? '')) throw error
  })
}
