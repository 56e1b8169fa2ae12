import { jobJsonSchema } from '../../../shared/jobs/job-json-schema'
import { describeApi } from '../../../shared/http/openapi/describe-api'
import type { OutputFlags } from '../output/format'
import { printObject } from '../output/format'
import type { Session } from '../session'

/** `shoal api spec`: the OpenAPI document of an orchestrator. It comes from this program's own route table; no server is asked. */
export async function printApiSpec({ io }: Session, flags: OutputFlags): Promise<void> {
  await printObject(io, { ...flags, pretty: true }, describeApi('orchestrator'))
}

/** `shoal job schema`: the JSON Schema of job files, for editors. */
export async function printJobSchema({ io }: Session, flags: OutputFlags): Promise<void> {
  await printObject(io, { ...flags, pretty: true }, jobJsonSchema('editor'))
}
