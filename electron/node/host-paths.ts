import { join } from 'node:path'

/** Files beside this program that a host starts. */
export interface HostPaths {
  /** Where nats-server may lie, the best place first. */
  readonly natsServerCandidates: readonly string[]
  /** The built thread entry of the gate. */
  readonly gateWorker: string
  /** Folder of the built entries that a host starts as processes beside itself. */
  readonly companions: string
}

/**
 * Pure: the places of a build. `SHOAL_BIN` names a folder of programs; a package has them in its resources, a checkout in `vendor/`.
 * @param distDir folder of the running bundle (`__dirname`): `dist/`, in a package `resources/app.asar/dist`
 */
export function hostPaths(
  distDir: string,
  { platform, binFolder }: { readonly platform: string; readonly binFolder: string | undefined },
): HostPaths {
  const program = platform === 'win32' ? 'nats-server.exe' : 'nats-server'
  const folders = [
    ...(binFolder === undefined || binFolder === '' ? [] : [binFolder]),
    join(distDir, '..', '..', 'bin'),
    join(distDir, '..', 'vendor', 'nats-server'),
  ]
  return { natsServerCandidates: folders.map((folder) => join(folder, program)), gateWorker: join(distDir, 'gate.js'), companions: distDir }
}
