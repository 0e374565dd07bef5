import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import type { ProxyServer, WireLink } from '../proxy/index.ts'

/** Creates links without a Toxiproxy: TCP relays that can be disabled, but have no toxics. */
export async function directProxy(): Promise<ProxyServer> {
  const links = new Set<WireLink>()
  return {
    about: 'direct links',
    createLink: async (_name, upstream) => {
      const [host, port] = upstream.split(':') as [string, string]
      const sockets = new Set<Socket>()
      const server = createServer((near) => {
        const far = connect({ host, port: Number(port) })
        for (const socket of [near, far]) {
          sockets.add(socket)
          socket.on('error', () => {})
          socket.on('close', () => {
            sockets.delete(socket)
            near.destroy()
            far.destroy()
          })
        }
        near.pipe(far).pipe(near)
      })
      const listen = async (at: number) => {
        server.listen({ host: '127.0.0.1', port: at })
        await once(server, 'listening')
        return (server.address() as { port: number }).port
      }
      const cut = () => {
        for (const socket of sockets) socket.destroy()
        return new Promise<void>((resolve) =>
          server.listening ? server.close(() => resolve()) : resolve(),
        )
      }
      const at = await listen(0)
      const link: WireLink = {
        address: `127.0.0.1:${at}`,
        breakConnections: async () => {
          for (const socket of sockets) socket.destroy()
        },
        enable: async (enabled) => {
          if (!enabled) await cut()
          else if (!server.listening) await listen(at)
        },
        addToxic: () => Promise.reject(new Error('direct links have no toxics')),
        removeToxic: () => Promise.reject(new Error('direct links have no toxics')),
        remove: cut,
      }
      links.add(link)
      return link
    },
    close: async () => {
      for (const link of links) await link.remove()
    },
  }
}
