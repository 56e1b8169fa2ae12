import { AppError } from '../../../shared/errors'
import { wildcards } from '../../../shared/wire/subjects'
import type { Logger } from '../../log/logger'
import type { NatsLink } from '../../transport/link'
import { startResponder } from '../../transport/ncl/responder'

/** Answers what nodes ask beside their work. Results in storage that the orchestrator manages are not offered; the text is Bacalhau's. */
export function startRequestsPlane(link: NatsLink, log: Logger): { stop(): void } {
  return startResponder(link, wildcards.requests, {
    source: 'orchestrator-data-plane-responder',
    log,
    handlers: {
      'managedPublisher.PreSignURLRequest': () => Promise.reject(new AppError('BadRequest', 'Managed S3 publisher is not available')),
    },
  })
}
