/**
 * What can be said of the sources without running them.
 *
 * @type {readonly import('./steps.mjs').Step[]}
 */
export const staticChecks = [
  { name: 'lint', command: ['eslint', '--max-warnings=0', '.'] },
  { name: 'types', command: ['tsc', '-p', 'tsconfig.json'] },
  { name: 'types of the scripts', command: ['tsc', '-p', 'tsconfig.scripts.json'] },
  { name: 'types of the window', command: ['tsc', '-p', 'tsconfig.renderer.json'] },
  { name: 'zones and cycles', command: ['depcruise', '--config', '.dependency-cruiser.mjs', 'electron', 'renderer', 'shared', 'test', 'scripts'] },
  { name: 'dead code', command: ['knip', '--no-progress', '--treat-config-hints-as-errors'] },
  { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
]
