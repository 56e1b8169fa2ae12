/**
 * An append-only log of JSON records with one writer. State is the fold of it: what has been acknowledged survives the death of every
 * process, and nothing else is in it.
 */
export interface Ledger {
  /** Sequence of the last record known to be stored; 0 while there is none. Sequences start at 1, without gaps, and belong to the ledger for ever. */
  readonly lastSequence: number
  /**
   * Stores one record (anything that JSON can hold) behind all those given before, and resolves with its sequence once it is durable.
   * Many calls at a time cost hardly more than one. Rejects with `ledger.fenced` (another writer has taken over: this ledger is over),
   * `ledger.full`, `ledger.unavailable`, `ledger.record-too-large`, `ledger.invalid-record`, `ledger.lost` or `ledger.closed`; then
   * the record is not stored.
   */
  append(record: unknown): Promise<number>
  /** Hands over every stored record up to the last one at the time of the call, in order. Rejects with `ledger.broken` when a stored record cannot be read. */
  replay(onRecord: (record: unknown, sequence: number) => void): Promise<void>
  /** Lets what is under way come to its end, then lets go. */
  close(): Promise<void>
}

/** A place in a ledger: in records, and in whatever it is stored in (a message of a stream holds a batch of records). */
export interface LedgerEnd {
  readonly streamSequence: number
  readonly sequence: number
}

/**
 * A ledger whose beginning may be dropped once the state that it led to is kept elsewhere. What waits behind a record that finds no room is
 * refused with it: it may rest on it.
 */
export interface TrimmableLedger extends Ledger {
  /** Where it ends now, as far as that is durable. */
  readonly position: LedgerEnd
  /** Bytes of all records that were read or stored since it was opened; only ever rises. */
  readonly bytes: number
  /** As `Ledger.replay`, only what lies behind a position that this ledger has told before; rejects with `ledger.lost` when it does not go so far. */
  replay(onRecord: (record: unknown, sequence: number) => void, after?: LedgerEnd): Promise<void>
  /** Drops what lies before a position. The last record stays: later ones are numbered after it. */
  trim(before: LedgerEnd): Promise<void>
}
