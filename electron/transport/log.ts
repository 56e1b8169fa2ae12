/** What the transport needs of a logger; any logger of the program fits. */
export interface TransportLog {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void
  info(message: string, fields?: Readonly<Record<string, unknown>>): void
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void
  error(message: string, fields?: Readonly<Record<string, unknown>>): void
}

/** For whoever wants to hear nothing. */
export const silentLog: TransportLog = { debug() {}, info() {}, warn() {}, error() {} }
