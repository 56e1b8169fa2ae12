import { AppError } from '../../../shared/errors'

/** The name of a downloaded result: host and path in one, without what file systems refuse, as Bacalhau's client makes it. Throws `results.bad-address`. */
export function resultFileName(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new AppError('results.bad-address', `A result is said to be at "${url}", which is no http address.`, {
      hint: 'Look at the publisher of the job: `shoal job describe ID --output yaml`.',
    })
  const { host, pathname } = new URL(url)
  return `${host}${decoded(pathname)}`.replaceAll(/[/\\:*?"<>|\0]/g, '_')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // A lone percent sign is a character like any other.
  }
}
