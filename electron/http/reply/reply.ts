import type { ServerResponse } from 'node:http'
import type { BuildVersion } from '../../../shared/models/node'
import { errorReply } from './api-error'
import { JsonText } from './json-text'

/** The headers that every reply of a Bacalhau node has, beside `X-Request-Id`. */
export function versionHeaders(version: BuildVersion): Readonly<Record<string, string>> {
  const built = new Date(version.BuildDate ?? 0)
  return {
    'X-Bacalhau-Git-Version': version.GitVersion ?? '',
    'X-Bacalhau-Git-Commit': version.GitCommit ?? '',
    'X-Bacalhau-Build-Date': `${(Number.isNaN(built.getTime()) ? new Date(0) : built).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`,
    'X-Bacalhau-Build-Os': version.GOOS ?? '',
    'X-Bacalhau-Arch': version.GOARCH ?? '',
    Vary: 'Origin',
    'X-Content-Type-Options': 'nosniff',
  }
}

/** What a request says of how it is to be answered. */
export interface ReplyShape {
  /** The request's own `X-Request-Id`, empty when it had none. */
  readonly requestId: string
  /** Indented by two spaces. */
  readonly pretty: boolean
  /** A reply to HEAD: no body. */
  readonly headOnly: boolean
}

/** Answers with JSON that ends with a newline. */
export function sendJson(response: ServerResponse, status: number, value: unknown, shape: ReplyShape): void {
  if (response.headersSent || response.destroyed) return
  const text = `${toJson(value, shape.pretty)}\n`
  response.writeHead(status, { 'Content-Type': 'application/json', ...(shape.headOnly ? {} : { 'Content-Length': Buffer.byteLength(text) }) })
  response.end(shape.headOnly ? undefined : text)
}

function toJson(value: unknown, pretty: boolean): string {
  if (!(value instanceof JsonText)) return JSON.stringify(value, null, pretty ? 2 : undefined)
  return pretty ? JSON.stringify(JSON.parse(value.text), null, 2) : value.text
}

/** Answers with what a client may know of something that was thrown. */
export function sendError(response: ServerResponse, error: unknown, shape: ReplyShape): void {
  const reply = errorReply(error, shape.requestId)
  sendJson(response, reply.Status, reply, shape)
}
