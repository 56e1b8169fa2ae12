import { z } from 'zod'
import { isSchema, withoutDoubleBounds } from '../json-schema'
import type { JsonSchema } from '../json-schema'
import { paramsByType } from './engine-params'
import { jobSpecSchema } from './job-spec'
import { jobSpecWords } from './job-spec-words'

/**
 * For whom the schema is. `api`: it refuses nothing that an orchestrator takes. `editor`: it also refuses keys that nobody reads (mostly
 * misspelt ones) and parameters of the wrong kind, which a node would refuse later.
 */
type JobSchemaUse = 'api' | 'editor'

/**
 * The job as JSON Schema (draft 7), made from the schema that reads jobs, with an explanation of every key. Keys are matched exactly:
 * documents with keys in other cases go through `matchKeys` first. What no schema can say (sums, names that must differ, the publisher
 * that results need) is left to `submissionFaults` and `storeFaults`.
 */
export function jobJsonSchema(use: JobSchemaUse): JsonSchema {
  const made = withoutDoubleBounds(z.toJSONSchema(jobSpecSchema, { target: 'draft-7', io: 'input' }))
  if (!isSchema(made)) throw new Error('The job has no JSON Schema.')
  const { $schema, ...job } = explain(made, '', use)
  return { $schema, title: 'Job', ...job, allOf: [everyNodeHasOne] }
}

const everyNodeHasOne: JsonSchema = {
  if: { properties: { Type: { enum: ['daemon', 'ops'] } }, required: ['Type'] },
  then: { properties: { Count: { maximum: 1, errorMessage: 'Daemon and ops jobs run on all nodes that suit: they take no Count.' } } },
}

/** Rules that connect several keys of one place. */
const rules: Readonly<Record<string, readonly JsonSchema[]>> = {
  'Tasks[].Network': [
    {
      if: { properties: { Domains: { minItems: 1 } }, required: ['Domains'] },
      then: { properties: { Type: { pattern: '^[hH][tT][tT][pP]$', errorMessage: 'Domains need Type HTTP.' } }, required: ['Type'] },
    },
    {
      if: { properties: { Ports: { minItems: 1 } }, required: ['Ports'] },
      then: {
        properties: {
          Type: { pattern: '^([hH][oO][sS][tT]|[fF][uU][lL][lL]|[bB][rR][iI][dD][gG][eE])$', errorMessage: 'Ports need Type Host or Bridge.' },
        },
        required: ['Type'],
      },
    },
  ],
}

const editorRules: Readonly<Record<string, readonly JsonSchema[]>> = {
  'Tasks[].Engine': paramsByType('Engine'),
  'Tasks[].Publisher': paramsByType('Publisher'),
  'Tasks[].InputSources[].Source': paramsByType('Source'),
}

function explain(schema: JsonSchema, place: string, use: JobSchemaUse): JsonSchema {
  const { properties, items, additionalProperties } = schema
  const words = jobSpecWords[place]
  const all = [...(rules[place] ?? []), ...(use === 'editor' ? (editorRules[place] ?? []) : [])]
  return {
    ...schema,
    ...(isSchema(properties) ? { properties: explainAll(properties, place, use) } : {}),
    ...(isSchema(properties) && use === 'editor' ? { additionalProperties: false } : {}),
    ...(isSchema(items) ? { items: explain(items, `${place}[]`, use) } : {}),
    ...(isSchema(additionalProperties) && !isFree(place) ? { additionalProperties: explain(additionalProperties, `${place}{}`, use) } : {}),
    ...words,
    ...(all.length === 0 ? {} : { allOf: all }),
  }
}

function explainAll(properties: JsonSchema, place: string, use: JobSchemaUse): JsonSchema {
  return Object.fromEntries(
    Object.entries(properties).map(([key, schema]) => [
      key,
      isSchema(schema) ? explain(schema, place === '' ? key : `${place}.${key}`, use) : schema,
    ]),
  )
}

/** Parameters may be anything. */
const isFree = (place: string): boolean => place.endsWith('.Params')
