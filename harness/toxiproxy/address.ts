import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { Problem } from '../core/problem.ts'

export interface Address {
  /** A literal address; '' for all of this machine's. */
  readonly host: string
  readonly port: number
}

/** 'host:port' taken apart: a name, '1.2.3.4:80', '[::1]:80', ':80' (all addresses), '' (all, any port). Throws a Problem in Go's words. */
export function splitAddress(text: string): Address {
  if (text === '') return { host: '', port: 0 }
  const parts = /^(?:\[([^\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(text)
  if (!parts)
    throw new Problem(
      `address ${text}: ${text.includes(':') ? 'too many colons in address' : 'missing port in address'}`,
    )
  const port = parts[3] === '' ? 0 : Number(parts[3])
  if (!/^\d*$/.test(parts[3] ?? '')) throw new Problem(`lookup tcp/${parts[3]}: unknown port`)
  if (port > 65_535) throw new Problem(`address ${port}: invalid port`)
  return { host: parts[1] ?? parts[2] ?? '', port }
}

/** The literal address that listening on this text means. IPv4 before IPv6, as Go has it. Throws a Problem in Go's words. */
export async function resolveAddress(text: string): Promise<Address> {
  const { host, port } = splitAddress(text)
  if (host === '' || isIP(host)) return { host, port }
  try {
    const found = await lookup(host, { all: true })
    const first = found.find(({ family }) => family === 4) ?? found[0]
    if (first) return { host: first.address, port }
  } catch {
    // Told below.
  }
  throw new Problem(`lookup ${host}: no such host`)
}

export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
