import { ORIGIN } from '../realm/realm.ts'

/** The address of the page: that of the server under test. */
export const PAGE = `${ORIGIN}/`

/** Returns an absolute URL, as seen from the page. */
export const absolute = (url: unknown): URL => new URL(String(url), PAGE)

/** Returns `location`. There is no other page to go to. */
export function locationObject() {
  const url = new URL(PAGE)
  const stay = (): never => {
    throw new DOMException('The app has one page only: it cannot navigate.', 'NotSupportedError')
  }
  return {
    href: url.href,
    origin: url.origin,
    protocol: url.protocol,
    host: url.host,
    hostname: url.hostname,
    port: url.port,
    pathname: url.pathname,
    search: '',
    hash: '',
    assign: stay,
    replace: stay,
    reload: stay,
    toString: () => url.href,
  }
}
