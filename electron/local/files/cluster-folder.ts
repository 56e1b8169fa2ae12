import path from 'node:path'

/** Where things lie in the folder of one local cluster. The folder itself is the orchestrator's data directory. */
export interface ClusterFolder {
  readonly root: string
  /** Facts about the cluster that are no configuration of a node. */
  readonly facts: string
  readonly nodesRoot: string
  /** The data directory of one node, which also holds its `config.yaml`. */
  dataDir(node: { readonly name: string; readonly role: 'orchestrator' | 'compute' }): string
  configFile(node: { readonly name: string; readonly role: 'orchestrator' | 'compute' }): string
}

/** The places in a cluster's folder; `root` is absolute. */
export function clusterFolder(root: string): ClusterFolder {
  const nodesRoot = path.join(root, 'nodes')
  const dataDir: ClusterFolder['dataDir'] = ({ name, role }) => (role === 'orchestrator' ? root : path.join(nodesRoot, name))
  return { root, facts: path.join(root, 'cluster.json'), nodesRoot, dataDir, configFile: (node) => path.join(dataDir(node), 'config.yaml') }
}
