import type { JsonSchema } from '../json-schema'

const text = (description: string): JsonSchema => ({ type: 'string', description })
/** Go writes a list that was never filled as `null`. */
const listOrNothing = (description: string): JsonSchema => ({ type: ['array', 'null'], items: { type: 'string' }, description })

/**
 * What the parameters of the known types are called. The orchestrator hands parameters on as they are, whatever they are: the node that is
 * to run the task has the last word.
 */
const knownParams: Readonly<Record<'Engine' | 'Source' | 'Publisher', Readonly<Record<string, JsonSchema>>>> = {
  Engine: {
    wasm: {
      EntryModule: { description: 'Target of the input that holds the module.', examples: ['main.wasm'] },
      Entrypoint: { ...text('The function to call.'), type: ['string', 'null'], default: '_start' },
      Parameters: listOrNothing('Arguments of the program.'),
      ImportModules: { description: 'Targets of the inputs that hold modules which this one imports.' },
    },
    docker: {
      Image: text('The image to run.'),
      Entrypoint: listOrNothing('In place of the entry point of the image.'),
      Parameters: listOrNothing('Arguments of the program.'),
      EnvironmentVariables: listOrNothing('Variables as NAME=VALUE.'),
      WorkingDirectory: text('An absolute path in the container.'),
    },
    native: {
      Command: { type: ['string', 'array'], items: { type: 'string' }, description: 'The program to run, with or without arguments.' },
      Parameters: listOrNothing('Further arguments.'),
      WorkingDirectory: text('A path in the folder of the task, or the target of an input or result.'),
    },
  },
  Source: {
    urldownload: { URL: text('An http or https address.') },
    inline: { URL: text('The data as a data: URL.') },
    localdirectory: localDirectory(),
    local: localDirectory(),
    s3: {
      Bucket: text('The bucket.'),
      Key: text('The object, or with a * at its end all that begin so.'),
      Filter: text('A regular expression for the keys.'),
      Region: text('The region.'),
      Endpoint: text('The address of the service, where it is not AWS.'),
      VersionID: text('A version of the object.'),
      ChecksumSHA256: text('The checksum of the object, in base64.'),
    },
    ipfs: { CID: text('The content identifier.') },
  },
  Publisher: {
    s3: {
      Bucket: text('The bucket.'),
      Key: text('The key; {jobID}, {executionID}, {date} and {time} in it are filled in.'),
      Endpoint: text('The address of the service, where it is not AWS.'),
      Region: text('The region.'),
      Encoding: { ...text('How the results are packed.'), examples: ['gzip', 'plain'] },
    },
  },
}

function localDirectory(): JsonSchema {
  return {
    SourcePath: text('An absolute path of the node, which its Compute.AllowListedLocalPaths must allow.'),
    ReadWrite: { type: ['boolean', 'string'], description: 'Whether the task may write there.', default: false },
    CreateAs: { ...text('What to make where the path is missing: dir, file or noCreate.'), default: 'noCreate' },
  }
}

/** Rules for a schema of the form `{Type, Params}`: with a known type, its parameters are known. */
export function paramsByType(what: keyof typeof knownParams): readonly JsonSchema[] {
  return Object.entries(knownParams[what]).map(([type, properties]) => ({
    if: {
      properties: { Type: { pattern: `^\\s*${type.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)}\\s*$` } },
      required: ['Type'],
    },
    then: { properties: { Params: { properties: properties } } },
  }))
}
