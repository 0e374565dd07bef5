import * as dns from 'node:dns'
import { isOwnName } from '../net/listeners.ts'
import { LOCALHOST, networkError } from '../net/socket.ts'
import type { Later } from './later.ts'

type Callback = (...results: unknown[]) => void

/** Returns node:dns for a machine that knows only itself. */
export function hostedDns(later: Later) {
  const address = { address: LOCALHOST, family: 4 }
  const found = (name: string) =>
    isOwnName(name) ? undefined : networkError('ENOTFOUND', 'getaddrinfo', name)
  const lookup = (name: string, ...args: unknown[]) => {
    const done = args.pop() as Callback
    const options = args[0] as { all?: boolean } | undefined
    const error = found(name)
    later(() => {
      if (error) done(error)
      else if (options?.all) done(null, [address])
      else done(null, address.address, address.family)
    })
  }
  const promises = {
    lookup: async (name: string, options?: { all?: boolean }) => {
      const error = found(name)
      if (error) throw error
      return options?.all ? [address] : address
    },
  }
  const resolvers = Object.keys(dns).filter((name) => /^(?:resolve|reverse)/.test(name))
  const refuse = (name: string, ...args: unknown[]) => {
    const done = args.pop() as Callback
    later(() => done(networkError('ENOTFOUND', 'query', name)))
  }
  const refuseLater = async (name: string) => {
    throw networkError('ENOTFOUND', 'query', name)
  }
  return {
    ...dns,
    ...Object.fromEntries(resolvers.map((name) => [name, refuse])),
    lookup,
    promises: {
      ...dns.promises,
      ...Object.fromEntries(resolvers.map((name) => [name, refuseLater])),
      ...promises,
    },
  }
}
