import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getContainerRuntimeClient } from 'testcontainers'
import { Toxiproxy } from 'toxiproxy-node-client'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ToxicSpec } from '../../../core/world.ts'
import { allToxics } from '../../../link/testing/toxics.ts'
import { startToxiproxy } from '../../../toxiproxy/index.ts'
import { realBinary } from '../../../toxiproxy/testing/servers.ts'
import { dial, startUpstream, type Upstream } from '../../../toxiproxy/testing/tcp.ts'
import { startDocker } from './docker.ts'
import { openToxiproxy, type ProxyServer, type WireLink } from './index.ts'

const toxics = await allToxics()
const startEmbedded = () => startToxiproxy({ port: 0, toxics })
const binary = realBinary()
const docker = await getContainerRuntimeClient().then(
  () => true,
  () => false,
)
if (!binary)
  console.warn(
    'NOT TESTED with the real Toxiproxy: set TOXIPROXY_BIN, or put toxiproxy-server on the PATH',
  )
if (!docker) console.warn('NOT TESTED in Docker: no Docker engine can be reached')

const env = { ...process.env, TOXIPROXY_URL: undefined, TOXIPROXY_BIN: binary }
const latency: ToxicSpec = {
  type: 'latency',
  stream: 'downstream',
  toxicity: 1,
  attributes: { latency: 4000, jitter: 0 },
}

/** The choices of a Toxiproxy that can be tested on this machine. */
const ways: [choice: string, about: RegExp][] = [
  ['embedded', /^Toxiproxy 2\.12\.0 \(embedded\)$/],
  ['url', /^Toxiproxy 2\.12\.0 \(http:\/\/127\.0\.0\.1:\d+\)$/],
]
if (binary) ways.push(['binary', /^Toxiproxy \S+ \(binary\)$/])
if (docker) ways.push(['docker', /^Toxiproxy \S+ \(docker\)$/])

describe.each(ways)('openToxiproxy %s', (choice, about) => {
  let elsewhere: Awaited<ReturnType<typeof startEmbedded>> | undefined
  let server: ProxyServer
  let link: WireLink
  let target: Upstream
  const children: number[] = []

  beforeAll(async () => {
    target = await startUpstream()
    if (choice === 'url') elsewhere = await startEmbedded()
    server = await openToxiproxy(elsewhere?.url ?? choice, {
      toxics,
      startEmbedded,
      env,
      onChild: (pid) => children.push(pid),
    })
  }, 60_000)
  afterAll(async () => {
    await server?.close()
    await elsewhere?.close()
    await target.close()
  })
  beforeEach(async () => {
    link = await server.createLink(`link-${choice}`, target.address, { timeScale: 40 })
  })
  afterEach(() => link.remove())

  const echo = async () => {
    const { socket, received } = await dial(link.address)
    socket.write('hello')
    await received(5)
    socket.destroy()
  }

  it('about gives version and kind of the Toxiproxy', () => {
    expect(server.about).toMatch(about)
  })

  it('a link carries bytes in both directions', echo)

  it('adds toxics in real time, under any name, and removes them', async () => {
    const { socket, received } = await dial(link.address)
    const sent = process.hrtime.bigint()
    await link.addToxic('a/b ⟦c⟧', latency)
    await link.addToxic('another', { ...latency, type: 'noop', attributes: {} })
    socket.write('hello')
    await received(5)
    expect(Number(process.hrtime.bigint() - sent) / 1e6).toBeGreaterThan(95)
    await link.removeToxic('a/b ⟦c⟧')
    await link.addToxic('a/b ⟦c⟧', { ...latency, attributes: { latency: 0 } })
    await link.removeToxic('another')
    socket.write('hello')
    await received(10)
    socket.destroy()
  })

  it('breaks and refuses connections while disabled, and keeps its address', async () => {
    const { ended } = await dial(link.address)
    await link.enable(false)
    expect((await ended).end).toMatch(/FIN|ECONNRESET/)
    await expect(dial(link.address)).rejects.toThrow('ECONNREFUSED')
    await link.enable(true)
    await echo()
  })

  it('rejects unknown types and names of toxics', async () => {
    await expect(link.addToxic('x', { ...latency, type: 'nope' })).rejects.toThrow(
      /expected a toxic of .*latency.*; got 'nope'/,
    )
    await expect(link.removeToxic('x')).rejects.toThrow(`link-${choice} has no toxic 'x' to remove`)
  })

  it('createLink rejects with a Problem that names the failed call', async () => {
    await expect(server.createLink(`link-${choice}`, target.address)).rejects.toMatchObject({
      name: 'Problem',
      message: expect.stringMatching(
        /^Toxiproxy could not listen on .*: Request failed with status code 409$/,
      ),
    })
  })

  it('frees the port of a removed link', async () => {
    const other = await server.createLink(`other-${choice}`, target.address)
    await other.remove()
    await other.remove()
    await expect(dial(other.address)).rejects.toThrow('ECONNREFUSED')
  })

  it('onChild receives each process that is started', () => {
    expect(children).toHaveLength(choice === 'binary' ? 1 : 0)
  })
})

it('traces what the embedded Toxiproxy does on a link, in real time', async () => {
  const lines: string[] = []
  const target = await startUpstream()
  const server = await openToxiproxy('embedded', {
    toxics,
    startEmbedded: (traceOf) => startToxiproxy({ port: 0, toxics, traceOf }),
    env,
  })
  const trace = (what: string) => lines.push(what)
  const link = await server.createLink('traced', target.address, { timeScale: 40, trace })
  await server.createLink('untraced', target.address)
  await link.addToxic('slow', latency)
  const { socket, received } = await dial(link.address)
  socket.write('hello')
  await received(5)
  socket.destroy()
  expect(lines.slice(0, 4).map((line) => line.replace(/for [\d.]+ ms/, 'for N ms'))).toEqual([
    'toxic 1-slow added: latency downstream, latency 100, jitter 0, toxicity 1',
    'connection 0: opened',
    'connection 0 downstream 1-slow: 5 bytes in, holds for N ms',
    'connection 0 downstream 1-slow: 5 bytes out',
  ])
  await server.close()
  await target.close()
})

describe('closing', () => {
  it.skipIf(!binary)('close() ends the Toxiproxy process that was started', async () => {
    const children: number[] = []
    const server = await openToxiproxy('binary', {
      toxics,
      startEmbedded,
      env,
      onChild: (pid) => children.push(pid),
    })
    await Promise.all([server.close(), server.close()])
    expect(() => process.kill(children[0] as number, 0)).toThrow('ESRCH')
  })

  it('close() only removes its own links from a Toxiproxy that was running before', async () => {
    const elsewhere = await startEmbedded()
    const server = await openToxiproxy(elsewhere.url, { toxics, startEmbedded, env })
    await server.createLink('left', '127.0.0.1:1')
    expect(Object.keys(await new Toxiproxy(elsewhere.url).getAll())).toEqual(['left'])
    await server.close()
    expect(await new Toxiproxy(elsewhere.url).getAll()).toEqual({})
    await elsewhere.close()
  })

  it('close() ignores that Toxiproxy has exited already', async () => {
    const elsewhere = await startEmbedded()
    const server = await openToxiproxy(elsewhere.url, { toxics, startEmbedded, env })
    await server.createLink('left', '127.0.0.1:1')
    await elsewhere.close()
    await server.close()
  })
})

describe('openToxiproxy auto', () => {
  const auto = (given: Record<string, string | undefined>) =>
    openToxiproxy('auto', { toxics, startEmbedded, env: given })

  it('auto prefers TOXIPROXY_URL', async () => {
    const elsewhere = await startEmbedded()
    const server = await auto({ TOXIPROXY_URL: `${elsewhere.url}/`, TOXIPROXY_BIN: '/nowhere' })
    expect(server.about).toContain(elsewhere.url)
    await server.close()
    await elsewhere.close()
  })

  it('auto uses TOXIPROXY_BIN without TOXIPROXY_URL, then the PATH', async () => {
    await expect(auto({ TOXIPROXY_BIN: '/nowhere/toxiproxy' })).rejects.toThrow(
      '/nowhere/toxiproxy cannot be run as a Toxiproxy',
    )
    const folder = await mkdtemp(join(tmpdir(), 'tunnelproof-test-'))
    await writeFile(join(folder, 'toxiproxy-server'), '#!/bin/sh\necho no, thanks >&2\nexit 3\n')
    await chmod(join(folder, 'toxiproxy-server'), 0o755)
    await expect(auto({ PATH: `/nowhere:${folder}` })).rejects.toMatchObject({
      message:
        `${folder}/toxiproxy-server ended at once (exit code 3) ` +
        "instead of serving Toxiproxy's API: no, thanks",
    })
    await rm(folder, { recursive: true })
  })

  it('auto starts the embedded Toxiproxy if there is no other', async () => {
    const server = await auto({ PATH: '/nowhere' })
    expect(server.about).toBe('Toxiproxy 2.12.0 (embedded)')
    await server.close()
  })
})

describe('a Problem of one line', () => {
  const open = (choice: string) =>
    openToxiproxy(choice, { toxics, startEmbedded, env: { PATH: '/nowhere' } })

  it.each([
    [
      'fast',
      '--toxiproxy expects auto, embedded, binary, docker or a URL such as http://127.0.0.1:8474, got "fast"',
    ],
    [
      'ftp://x',
      '--toxiproxy expects auto, embedded, binary, docker or a URL such as http://127.0.0.1:8474, got "ftp://x"',
    ],
    [
      'http://127.0.0.1:1',
      'no Toxiproxy answers at http://127.0.0.1:1 (fetch failed); start one there, or use --toxiproxy embedded',
    ],
    [
      'binary',
      '--toxiproxy binary found no toxiproxy-server on the PATH; install it, set TOXIPROXY_BIN, or use --toxiproxy embedded',
    ],
  ])(
    'a Problem of one line explains why --toxiproxy %s cannot be used',
    async (choice, message) => {
      await expect(open(choice)).rejects.toMatchObject({ name: 'Problem', message })
    },
  )

  it('a Problem of one line explains that a server is not a Toxiproxy', async () => {
    const other = createServer((_, response) => response.end('<html>')).listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
    await expect(open(url)).rejects.toThrow(`${url} answers, but not as Toxiproxy does`)
    other.closeAllConnections()
    other.close()
  })

  it('a Problem of one line explains that Docker cannot be reached', async () => {
    await expect(startDocker('darwin')).rejects.toThrow('needs the host network')
    if (docker) return
    await expect(open('docker')).rejects.toMatchObject({
      name: 'Problem',
      message: expect.stringMatching(
        /^--toxiproxy docker cannot reach Docker \(.*\); start it, or use --toxiproxy embedded$/,
      ),
    })
  })
})

it('a closed Toxiproxy does not keep the process from exiting', async () => {
  const toxiproxyUrl = new URL('../../../toxiproxy/index.ts', import.meta.url).href
  const script = `
    import { openToxiproxy } from ${JSON.stringify(new URL('index.ts', import.meta.url).href)}
    import { startToxiproxy } from ${JSON.stringify(toxiproxyUrl)}
    const toxics = new Map()
    const startEmbedded = () => startToxiproxy({ port: 0, toxics })
    const server = await openToxiproxy('embedded', { toxics, startEmbedded })
    await server.close()
  `
  const ended = new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], resolve)
  })
  expect(await ended).toBeNull()
})
