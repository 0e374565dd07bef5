import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { Problem } from '../core/problem.ts'

export interface Address {
  /** A name or a literal address. Empty: all addresses of this machine. */
  readonly host: string
  readonly port: number
}

/**
 * Splits an address at its port. Accepts 'name:80', '1.2.3.4:80', '[::1]:80', ':80' (all addresses)
 * and '' (all addresses, any free port). Throws a Problem with Go's error text.
 */
export function splitAddress(text: string): Address {
  if (text === '') return { host: '', port: 0 }
  const parts = /^(?:\[([^\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(text)
  if (!parts) {
    const why = text.includes(':') ? 'too many colons in address' : 'missing port in address'
    throw new Problem(`address ${text}: ${why}`)
  }
  const port = parts[3] === '' ? 0 : Number(parts[3])
  if (!/^\d*$/.test(parts[3] ?? '')) throw new Problem(`lookup tcp/${parts[3]}: unknown port`)
  if (port > 65_535) throw new Problem(`address ${port}: invalid port`)
  return { host: parts[1] ?? parts[2] ?? '', port }
}

/**
 * Resolves an address to listen on to a literal one, IPv4 before IPv6 as Go does. Throws a Problem
 * with Go's error text.
 */
export async function resolveAddress(text: string): Promise<Address> {
  const { host, port } = splitAddress(text)
  if (host === '' || isIP(host)) return { host, port }
  try {
    const found = await lookup(host, { all: true })
    const first = found.find(({ family }) => family === 4) ?? found[0]
    if (first) return { host: first.address, port }
  } catch {
    // Reported below, like a lookup that finds nothing.
  }
  throw new Problem(`lookup ${host}: no such host`)
}

export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
