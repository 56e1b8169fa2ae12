// Who may import what: the table of docs/ARCHITECTURE.md, one line a folder. `shared` may be imported by all.
const ROLES = ['transport', 'ledger', 'nats', 'access', 'http', 'orchestrator', 'compute', 'process', 'log', 'config']
const MAY_IMPORT = {
  transport: [],
  process: [],
  log: [],
  config: [],
  client: [],
  ledger: ['transport'],
  nats: ['process', 'log', 'transport'],
  access: ['transport', 'log'],
  http: ['log'],
  orchestrator: ['transport', 'ledger', 'http', 'log', 'access'],
  compute: ['transport', 'ledger', 'http', 'log', 'process'],
  node: ROLES,
  local: ['node', 'compute', 'nats', 'process', 'config', 'access', 'log'],
  cli: ['node', 'client', 'config', 'process', 'log', 'access', 'local'],
  app: ['node', 'client', 'config', 'process', 'log', 'access', 'local'],
}

const zones = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  name: `electron/${folder}`,
  comment: `electron/${folder} may import ${['shared', ...allowed].join(', ')} (docs/ARCHITECTURE.md)`,
  severity: /** @type {const} */ ('error'),
  from: { path: `^electron/${folder}/` },
  to: { path: '^(electron|renderer|shared)/', pathNot: `^(shared/|electron/(${[folder, ...allowed].join('|')})/)` },
}))

// The folders of the orchestrator, from the bottom up: each may import those before it.
const LAYERS = ['presence', 'nodes', 'membership', 'scheduling', 'jobs', 'dispatch', 'planes', 'archive', 'logs', 'feed', 'queries', 'api']

const layers = LAYERS.slice(0, -1).map((folder, index) => ({
  name: `orchestrator/${folder}`,
  comment: `electron/orchestrator/${folder} may not import ${LAYERS.slice(index + 1).join(', ')} (docs/ARCHITECTURE.md)`,
  severity: /** @type {const} */ ('error'),
  // A job is measured as it would be sent to a node, when it comes in.
  from: { path: `^electron/orchestrator/${folder}/`, pathNot: '^electron/orchestrator/jobs/read-spec\\.ts$' },
  to: { path: `^electron/orchestrator/(${LAYERS.slice(index + 1).join('|')})/` },
}))

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'no-deprecated', severity: 'error', from: {}, to: { dependencyTypes: ['deprecated'] } },
    {
      name: 'shared-is-pure',
      comment: 'shared imports nothing of ours, and of others zod alone',
      severity: 'error',
      from: { path: '^shared/' },
      to: { pathNot: '^shared/|(^|/)node_modules/zod/' },
    },
    {
      name: 'renderer-meets-electron-in-shared',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(electron/|test/|scripts/)' },
    },
    { name: 'renderer-without-node', severity: 'error', from: { path: '^renderer/' }, to: { dependencyTypes: ['core'] } },
    { name: 'renderer-without-electron', severity: 'error', from: { path: '^renderer/' }, to: { path: '(^|/)node_modules/electron($|/)' } },
    {
      name: 'feature-without-feature',
      comment: 'a feature of the window never imports a feature',
      severity: 'error',
      from: { path: '^renderer/features/([^/]+)/' },
      to: { path: '^renderer/features/', pathNot: '^renderer/features/$1/' },
    },
    {
      name: 'components-know-no-features',
      severity: 'error',
      from: { path: '^renderer/(components|theme|i18n|state)/' },
      to: { path: '^renderer/features/' },
    },
    {
      name: 'electron-meets-renderer-in-shared',
      severity: 'error',
      from: { path: '^electron/' },
      to: { path: '^(renderer/|test/|scripts/)' },
    },
    {
      name: 'electron-module-only-in-app',
      comment: 'everything but main.ts, preload.ts and app/ runs in plain Node',
      severity: 'error',
      from: { path: '^electron/', pathNot: '^electron/(app/|main\\.ts$|preload\\.ts$)' },
      to: { path: '(^|/)node_modules/electron($|/)' },
    },
    {
      name: 'orchestrator-takes-tokens-only',
      comment: 'of access/, the orchestrator sees the tokens alone: the gate runs apart from it',
      severity: 'error',
      from: { path: '^electron/orchestrator/' },
      to: { path: '^electron/access/', pathNot: '^electron/access/[^/]*token[^/]*\\.ts$' },
    },
    { name: 'entries-are-not-imported', severity: 'error', from: {}, to: { path: '^electron/[^/]+\\.ts$' } },
    {
      name: 'test-code-stays-in-test',
      severity: 'error',
      from: { path: '^(electron|renderer|shared)/' },
      to: { dependencyTypes: ['npm-dev'], path: '(^|/)node_modules/(vitest|fast-check|@playwright|@axe-core)($|/)' },
    },
    ...zones,
    ...layers,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|release|vendor)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json', '.css'],
    },
  },
}
