import { AppError } from '../../../shared/errors'

/** Where a list goes on. `offset` counts items, or for a history is the sequence number to begin with. */
interface PagingToken {
  readonly sortBy: string
  readonly reverse: boolean
  readonly limit: number
  readonly offset: number
}

/** Bacalhau's form: base64url, without padding, of `sortBy:N:limit:offset` (`pkg/models/paging_token.go`). */
export function writePagingToken({ sortBy, reverse, limit, offset }: PagingToken): string {
  return Buffer.from([sortBy, reverse ? 'Y' : 'N', String(limit), String(offset)].join(':')).toString('base64url')
}

/** @throws AppError `paging-token.invalid`, with Bacalhau's words */
export function readPagingToken(text: string): PagingToken {
  if (!/^[-_A-Za-z0-9]*$/.test(text) || text.length % 4 === 1) throw invalid('failed to decode paging token', text)
  const parts = Buffer.from(text, 'base64url').toString('utf8').split(':')
  const [sortBy = '', reverse = '', limit = '', offset = ''] = parts
  if (parts.length !== 4) throw invalid('invalid number of parts', text)
  if (!isUint32(limit) || !isUint32(offset)) throw invalid('malformed token', text)
  return { sortBy, reverse: reverse === 'Y', limit: Number(limit), offset: Number(offset) }
}

const isUint32 = (text: string): boolean => /^\d{1,10}$/.test(text) && Number(text) <= 0xffff_ffff

function invalid(reason: string, text: string): AppError {
  return new AppError('paging-token.invalid', `${reason}: invalid paging token: ${text}`)
}
