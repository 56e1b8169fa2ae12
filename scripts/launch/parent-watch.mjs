import { readFileSync } from 'node:fs'

const EVERY_MS = 500

/**
 * Ends this process with SIGTERM soon after the npm or npx that started it is gone. npm passes neither SIGTERM nor, of course, SIGKILL on,
 * so that a program it started would otherwise run on, unseen. Does nothing when npm did not start us.
 *
 * @param {() => void} [end] what to do then
 * @returns {boolean} whether npm is watched
 */
export function endWithNpm(end = () => process.kill(process.pid, 'SIGTERM')) {
  if (process.env.npm_execpath === undefined && process.env.npm_command === undefined) return false
  const isAlive = watched()
  const timer = setInterval(() => {
    if (isAlive()) return
    clearInterval(timer)
    end()
  }, EVERY_MS)
  timer.unref()
  return true
}

/** npm puts a shell between itself and us, which survives it: where /proc tells, npm itself is watched, else whoever started us. */
function watched() {
  const npm = process.platform === 'linux' ? npmAbove(process.ppid) : undefined
  if (npm !== undefined) return () => startTimeOf(npm.pid) === npm.startTime
  const parent = process.ppid
  return () => process.ppid === parent
}

function npmAbove(pid) {
  for (let at = pid; at > 1; at = parentOf(at)) {
    if (/\bnp[mx]\b/.test(commandOf(at))) return { pid: at, startTime: startTimeOf(at) }
  }
  return undefined
}

function parentOf(pid) {
  return Number(statOf(pid)?.[1] ?? 0)
}

/** A zombie counts as gone. A process id may come back as another process, its start time does not. */
function startTimeOf(pid) {
  const stat = statOf(pid)
  return stat === undefined || stat[0] === 'Z' ? undefined : stat[19]
}

/** The fields of /proc/PID/stat from the state on (proc(5), field 3); the name before them may hold spaces and brackets. */
function statOf(pid) {
  const text = read(`/proc/${pid}/stat`)
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')
}

function commandOf(pid) {
  return (read(`/proc/${pid}/cmdline`) ?? '').replaceAll('\0', ' ')
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined // The process is gone.
  }
}
