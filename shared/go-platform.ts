/**
 * Names that Go gives to operating systems and processors, as they stand in Bacalhau's labels (`os_type`, `os_arch`) and
 * version records. Names that Node and Go share, or that Go does not know, are passed on as they are.
 */
const operatingSystems: Readonly<Record<string, string>> = { win32: 'windows', sunos: 'solaris', cygwin: 'windows' }
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', mipsel: 'mipsle', ppc64: 'ppc64le' }

/** GOOS of Node's `process.platform`: `linux`, `darwin`, `windows`, … */
export function goOperatingSystem(platform: string): string {
  return operatingSystems[platform] ?? platform
}

/** GOARCH of Node's `process.arch`: `amd64`, `arm64`, … */
export function goArchitecture(arch: string): string {
  return architectures[arch] ?? arch
}
