import { latin1Bytes, utf8Bytes } from '../../codec/bytes.ts'

export const hasData = (url: URL): boolean => url.protocol === 'data:'

/** Returns the response to the request of a data URL, as bundlers write small files. */
export function dataResponse(
  url: URL,
  ResponseClass: new (...args: never[]) => Response,
): Response {
  const comma = url.href.indexOf(',')
  if (comma === -1) throw new TypeError('Failed to fetch', { cause: 'a data URL has a comma' })
  const [, type = '', base64] = /^data:(.*?)(;\s*base64)?$/i.exec(url.href.slice(0, comma)) ?? []
  const text = decodeURIComponent(url.href.slice(comma + 1).replace(/#.*$/s, ''))
  const bytes = base64 === undefined ? utf8Bytes(text) : latin1Bytes(atob(text))
  const headers = { 'content-type': type || 'text/plain;charset=US-ASCII' }
  const made = Reflect.construct(ResponseClass, [bytes, { headers }]) as Response
  Object.defineProperty(made, 'url', { value: url.href })
  return made
}
