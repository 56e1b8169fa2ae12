import { LabelSelectorError, parseLabelSelector } from '../../../shared/label-selector'
import type { LabelSelector } from '../../../shared/label-selector'
import { malformed } from '../../http/reply/api-error'

/** The `labels` of a query, given once or several times: all of them must hold. @throws ApiError 400 for what is no selector */
export function readSelector(labels: string | readonly string[] | undefined): LabelSelector {
  if (labels === undefined) return []
  try {
    return parseLabelSelector(typeof labels === 'string' ? labels : labels.join(','))
  } catch (error) {
    if (error instanceof LabelSelectorError) throw malformed(error.message)
    throw error
  }
}
