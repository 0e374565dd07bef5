import { headerOf, type RequestHead } from './http1-head.ts'

/** Returns true if the client lets the connection stay open after the response. */
export function isPersistent({ version, headers }: RequestHead): boolean {
  const connection = headerOf(headers, 'connection') ?? ''
  return version === 'HTTP/1.0'
    ? /\bkeep-alive\b/i.test(connection)
    : !/\bclose\b/i.test(connection)
}
