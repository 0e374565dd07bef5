/** The receiver of what comes in on a {@link ByteStream}. */
export interface StreamReceiver {
  /** Bytes have arrived, in order. The receiver may keep them; nobody changes them. */
  data(bytes: Uint8Array): void
  /**
   * The connection is over: called once, and nothing follows. Not called after the own end has
   * called `reset`.
   *
   * - end: the other side closed it, after its last bytes
   * - reset: it broke
   * - refused: it was never made
   */
  closed(how: StreamEnd): void
}

export type StreamEnd = 'end' | 'reset' | 'refused'

/**
 * An end of a connection that carries bytes in both directions, as TCP does. Opening takes time:
 * what is written before is sent when the connection is there. Never throws.
 */
export interface ByteStream {
  /** Sends bytes. They must not be changed afterwards. Dropped once the connection is over. */
  write(bytes: Uint8Array): void
  /** Closes the connection, after what was written. There is no half-close, as in Toxiproxy. */
  end(): void
  /** Breaks the connection at once. */
  reset(): void
  /** Sets the receiver, once. It is passed what has arrived before. */
  receive(receiver: StreamReceiver): void
}

/** Opens a connection to the server under test. */
export type Connect = () => ByteStream
