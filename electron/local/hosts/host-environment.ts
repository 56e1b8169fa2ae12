/** Variables that set configuration keys, and Node's own that would change what a host loads. */
const foreign = /^(SHOAL|BACALHAU)_|^LOG_LEVEL$|^NODE_OPTIONS$|^ELECTRON_/
/** `SHOAL_BIN` names the folder of nats-server, not a key. */
const kept = new Set(['SHOAL_BIN'])

/**
 * The environment of the hosts of a local cluster. Its configuration is what stands in its folder: a variable set for the command line
 * (say `BACALHAU_COMPUTE_ORCHESTRATORS`) must not send every node of the cluster somewhere else.
 */
export function hostEnvironment(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => kept.has(name) || !foreign.test(name)))
}
