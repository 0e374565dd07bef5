import { latin1Bytes } from '../codec/bytes.ts'

/** A request or a response as a message on a WebSocket connection. */
export type Numbered<Part> = Part & { readonly n: number }

/** Returns the head of an HTTP/1.1 message. */
export const headOfLines = (...lines: readonly string[]) =>
  latin1Bytes([...lines, '', ''].join('\r\n'))
