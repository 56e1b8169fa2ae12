import { constraintOperators, jobTypes } from '../models/job'
import { shippedDefaults } from './apply-defaults'
import { networkTypes } from './network-type'
import { MOST_PARTITIONS } from './validate-job'

/** What the job's JSON Schema says of one place beside its kind. `errorMessage` is what an editor shows in place of a validator's own words. */
interface SpecWords {
  readonly description: string
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly required?: readonly string[]
  readonly anyOf?: readonly object[]
  readonly propertyNames?: object
  readonly additionalProperties?: object
  readonly readOnly?: boolean
  readonly errorMessage?: string
}

/** What the built-in configuration gives every type of job. */
const { Resources } = shippedDefaults.Batch.Task
const notBlank = '\\S'
/** Blanks are taken out of amounts before they are read. */
const size = String.raw`^[\s\d.,]*[kKmMgGtTpPeE]?\s*[iI]?\s*[bB]?\s*$`
const sizeForm = 'a size: 512Mb and 2GB are decimal, 512MiB is binary, a bare number is bytes'
const seconds = { minimum: 0, default: 0, errorMessage: 'A number of seconds, 0 or more; 0 sets no limit.' } as const
const byServer = (what: string): SpecWords => ({
  description: `${what} The server sets it; in a job that is submitted it is ignored.`,
  readOnly: true,
})
const specConfigOf = (what: string): SpecWords => ({ description: `${what}: a type, and parameters that belong to it.` })
const anyCase = (words: readonly string[]): string =>
  `^(${words.map((word) => word.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`)).join('|')})?$`

/**
 * Every place of a job: `Tasks[].Name` is the name of each task, `Meta{}` each value of a map; the empty text is the job itself.
 * A rule stands here only where the server refuses exactly what it refuses; what cannot be said in a schema is left to the server.
 */
export const jobSpecWords: Readonly<Record<string, SpecWords>> = {
  '': { description: 'A job: what is to run, where, and how often.', required: ['Type', 'Tasks'], errorMessage: 'A job needs Type and Tasks.' },
  ID: byServer('Id of the job, j-… . A service or daemon job sent straight to the API may bring its own.'),
  Name: {
    description: 'Name of the job within its namespace: a job of the same name gets a new version. Without one the id is the name.',
    examples: ['word-count'],
  },
  Namespace: { description: 'Namespace of the job.', default: 'default', examples: ['default'] },
  Type: {
    description:
      'How the job is placed and when it ends. batch: on Count nodes, until each has completed. ops: on every node that suits, once. service: on Count nodes, until it is stopped. daemon: on every node that suits, now and later, until it is stopped.',
    enum: jobTypes,
    errorMessage: `Type must be ${jobTypes.slice(0, -1).join(', ')} or ${jobTypes.at(-1) ?? ''}, in lower case.`,
  },
  Priority: {
    description: 'Waiting jobs with a higher one go first.',
    default: shippedDefaults.Batch.Priority,
    errorMessage: 'Priority is a whole number.',
  },
  Count: {
    description: 'How many executions run (batch, service); ops and daemon jobs run on every node that suits.',
    default: 1,
    minimum: 0,
    maximum: MOST_PARTITIONS,
    errorMessage: `Count must be a whole number from 0 to ${MOST_PARTITIONS}.`,
  },
  Constraints: { description: 'What the labels of a node must be for the job to run there.' },
  'Constraints[]': { description: 'One rule on a label.', required: ['Key', 'Operator'], errorMessage: 'A constraint needs Key and Operator.' },
  'Constraints[].Key': {
    description: 'The label. With favour_ before it the rule is a wish: nodes that meet it come first, others are not ruled out.',
    pattern: notBlank,
    examples: ['os_type', 'os_arch', 'zone'],
    errorMessage: 'Key must name a label.',
  },
  'Constraints[].Operator': {
    description: 'How the label is compared. in, notin take several values; exists, ! take none; all others take one; gt, lt compare whole numbers.',
    enum: constraintOperators,
    errorMessage: `Operator must be one of ${constraintOperators.join(', ')}.`,
  },
  'Constraints[].Values': { description: 'The values to compare with.' },
  'Constraints[].Values[]': { description: 'A value.' },
  Meta: { description: 'Notes of your own. Keys beginning with bacalhau.org/ are taken out.' },
  'Meta{}': { description: 'A text.' },
  Labels: { description: 'Labels by which jobs are listed.' },
  'Labels{}': { description: 'A text.' },
  Tasks: { description: 'What runs. One task is used; further ones are dropped with a warning.', minItems: 1, errorMessage: 'A job needs a task.' },
  'Tasks[]': { description: 'What runs.', required: ['Name', 'Engine'], errorMessage: 'A task needs Name and Engine.' },
  'Tasks[].Name': { description: 'Name of the task.', pattern: notBlank, examples: ['main'], errorMessage: 'A task needs a name.' },
  'Tasks[].Engine': { ...specConfigOf('What runs the task'), required: ['Type'], errorMessage: 'An engine needs Type.' },
  'Tasks[].Engine.Type': {
    description:
      'wasm runs a WebAssembly module, docker a container, native a program of the node (off unless the node allows it). A type that no node has is never placed.',
    pattern: notBlank,
    examples: ['wasm', 'docker', 'native'],
    errorMessage: 'Type must name an engine: wasm, docker or native.',
  },
  'Tasks[].Engine.Params': { description: 'What belongs to the engine. The node checks it before it takes the task.' },
  'Tasks[].Publisher': specConfigOf('Where results go'),
  'Tasks[].Publisher.Type': {
    description: 'local keeps results on the node that ran the task and serves them from there.',
    examples: ['local', 's3', 's3managed', 'ipfs', 'noop'],
  },
  'Tasks[].Publisher.Params': { description: 'What belongs to the publisher.' },
  'Tasks[].Env': {
    description: "Environment variables. env:NAME hands on the node's own variable, where the node allows it.",
    propertyNames: {
      pattern: String.raw`^(?!BACALHAU_)(?!.*[a-z])\p{L}[\p{L}\p{Nd}_]*$`,
      errorMessage: 'A variable is in upper case, starts with a letter, has letters, digits and _ only, and does not start with BACALHAU_.',
    },
    additionalProperties: { type: 'string', minLength: 1, errorMessage: 'A variable needs a value.' },
  },
  'Tasks[].Env{}': { description: 'The value; it cannot be empty.' },
  'Tasks[].Meta': { description: 'Notes of your own.' },
  'Tasks[].Meta{}': { description: 'A text.' },
  'Tasks[].InputSources': { description: 'Data that the task finds in its file system.' },
  'Tasks[].InputSources[]': { description: 'One input.', required: ['Source', 'Target'], errorMessage: 'An input needs Source and Target.' },
  'Tasks[].InputSources[].Source': { ...specConfigOf('Where the data comes from'), required: ['Type'], errorMessage: 'A source needs Type.' },
  'Tasks[].InputSources[].Source.Type': {
    description:
      'urlDownload fetches a URL, localDirectory mounts a path of the node (where the node allows it), inline holds the data itself, s3 and ipfs fetch from there.',
    pattern: notBlank,
    examples: ['urlDownload', 'localDirectory', 'inline', 's3', 'ipfs'],
    errorMessage: 'Type must name a kind of source.',
  },
  'Tasks[].InputSources[].Source.Params': { description: 'What belongs to the source.' },
  'Tasks[].InputSources[].Alias': { description: 'A name of the input, once in a task.' },
  'Tasks[].InputSources[].Target': {
    description: 'Where the task finds it; once in a task.',
    pattern: notBlank,
    examples: ['/inputs'],
    errorMessage: 'An input needs a target.',
  },
  'Tasks[].ResultPaths': { description: 'What is published when the task has ended, beside what it printed. Needs a publisher.' },
  'Tasks[].ResultPaths[]': {
    description: 'One file or folder of results.',
    required: ['Name', 'Path'],
    errorMessage: 'A result needs Name and Path.',
  },
  'Tasks[].ResultPaths[].Name': {
    description: 'Its name among the results; once in a task.',
    pattern: notBlank,
    examples: ['outputs'],
    errorMessage: 'A result needs a name.',
  },
  'Tasks[].ResultPaths[].Path': {
    description: 'Its absolute path in the task; once in a task.',
    pattern: '^/',
    examples: ['/outputs'],
    errorMessage: 'Path must be absolute.',
  },
  'Tasks[].Resources': { description: 'What an execution takes of its node.' },
  'Tasks[].Resources.CPU': {
    description: 'Cores: 500m is half of one.',
    default: Resources.CPU,
    examples: ['500m', '0.5', '2'],
    pattern: String.raw`^[\s\d.eE+-]*[mM]?\s*$`,
    errorMessage: 'CPU is a number of cores: 500m, 0.5, 2.',
  },
  'Tasks[].Resources.Memory': {
    description: `Memory, ${sizeForm}.`,
    default: Resources.Memory,
    examples: ['512Mb', '2GiB'],
    pattern: size,
    errorMessage: `Memory is ${sizeForm}.`,
  },
  'Tasks[].Resources.Disk': { description: `Disk, ${sizeForm}.`, examples: ['1GB', '10GiB'], pattern: size, errorMessage: `Disk is ${sizeForm}.` },
  'Tasks[].Resources.GPU': {
    description: 'A number of GPUs.',
    examples: ['1'],
    pattern: String.raw`^[\s\d]*$`,
    errorMessage: 'GPU is a whole number.',
  },
  'Tasks[].Network': { description: 'What the task reaches of the network.' },
  'Tasks[].Network.Type': {
    description:
      'None: nothing. HTTP: the domains named. Host (Full is the older word): the network of the node. Bridge: a network of its own with ports. Default: as the engine has it.',
    default: 'Default',
    anyOf: [{ enum: networkTypes }, { pattern: anyCase(networkTypes) }],
    errorMessage: `Type must be one of ${networkTypes.join(', ')}.`,
  },
  'Tasks[].Network.Domains': { description: 'Domains that the task may reach; with Type HTTP only.' },
  'Tasks[].Network.Domains[]': {
    description: 'A domain; one that begins with a dot stands for all below it.',
    examples: ['example.org', '.example.org'],
  },
  'Tasks[].Network.Ports': { description: 'Ports that the task listens on; with Type Host or Bridge only.' },
  'Tasks[].Network.Ports[]': { description: 'One port.', required: ['Name'], errorMessage: 'A port needs a name.' },
  'Tasks[].Network.Ports[].Name': {
    description: 'Its name, once in a task; the task finds the number in BACALHAU_PORT_NAME.',
    pattern: String.raw`^[A-Za-z_][A-Za-z0-9_]*$`,
    maxLength: 237,
    errorMessage: 'Name starts with a letter or _, and has letters, digits and _ only.',
  },
  'Tasks[].Network.Ports[].Static': {
    description: 'The port of the node, 1024 to 65535; 0 takes a free one.',
    default: 0,
    minimum: 0,
    maximum: 65_535,
    anyOf: [{ maximum: 0 }, { minimum: 1024 }],
    errorMessage: 'Static is 0 or a port from 1024 to 65535.',
  },
  'Tasks[].Network.Ports[].Target': {
    description: 'The port inside the task; with Type Bridge only.',
    default: 0,
    minimum: 0,
    maximum: 65_535,
    errorMessage: 'Target is a port from 0 to 65535.',
  },
  'Tasks[].Network.Ports[].HostNetwork': { description: 'The address of the node to listen on.', examples: ['127.0.0.1'] },
  'Tasks[].Timeouts': { description: 'How long things may take, in seconds. ExecutionTimeout and QueueTimeout together fit into TotalTimeout.' },
  'Tasks[].Timeouts.ExecutionTimeout': { description: 'An execution is stopped, and has failed, after so many seconds.', ...seconds },
  'Tasks[].Timeouts.QueueTimeout': { description: 'So many seconds the job waits for nodes that suit; 0 fails at once where none does.', ...seconds },
  'Tasks[].Timeouts.TotalTimeout': { description: 'The job fails after so many seconds in all, waiting included.', ...seconds },
  State: byServer('Where the job stands.'),
  'State.StateType': { description: 'The state, as a word.' },
  'State.Message': { description: 'Why.' },
  Version: byServer('Counts from 1 with each change of the spec and each rerun.'),
  Revision: byServer('Counts every change.'),
  CreateTime: byServer('When the job was made, in Unix nanoseconds.'),
  ModifyTime: byServer('When the job was last changed, in Unix nanoseconds.'),
}
