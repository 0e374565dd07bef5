import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectSecurely } from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { hasPython } from '../../../../reports/testing/xml.ts'
import type { EventBody } from '../../../core/event.ts'
import type { NodeSupervisor } from '../process/node-supervisor.ts'
import type { Warden } from '../process/warden.ts'
import { DeviceRelay } from '../relay/device-relay.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { type Certificate, ThrowawayAuthority } from './throwaway-authority.ts'
import { trustingEnvironment } from './trusting-environment.ts'

const run = promisify(execFile)
const home = mkdtempSync(join(tmpdir(), 'tunnelproof-test-'))
const warden = { tell() {} } as unknown as Warden
const authority = new ThrowawayAuthority(() => temporaryFolder(home, warden))
const link = createServer((request, response) => {
  if (request.url === '/reset') request.socket.resetAndDestroy()
  else response.end(`hello ${request.url}`)
})
const sockets = new WebSocketServer({ server: link })
sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(`${data}!`)))
const events: EventBody[] = []
let certificate: Certificate
let relay: DeviceRelay

beforeAll(async () => {
  link.listen(0, '127.0.0.1')
  await once(link, 'listening')
  certificate = await authority.certificate()
  relay = await DeviceRelay.open({
    device: 'ana',
    link: `127.0.0.1:${(link.address() as AddressInfo).port}`,
    now: () => 0,
    emit: (event) => void events.push(event),
    silenceMaxMs: 5000,
    certificate,
  })
  relay.attach({ running: { alive: true, ask: async () => 'done' } } as unknown as NodeSupervisor)
})
afterAll(async () => {
  await relay.close()
  link.closeAllConnections()
  link.close()
  await authority.close()
  rmSync(home, { recursive: true })
})

const NODE = [
  process.execPath,
  '-e',
  `require('https').get(process.argv[1], async (response) => {
    for await (const part of response) process.stdout.write(part)
  }).on('error', ({ code }) => process.stdout.write(code))`,
]
const PYTHON = [
  'python3',
  '-c',
  `import sys, urllib.request
try: print(urllib.request.urlopen(sys.argv[1]).read().decode(), end="")
except OSError as error: print(error, end="")`,
]

async function ask([program, ...args]: string[], env: Record<string, string>): Promise<string> {
  const { NODE_EXTRA_CA_CERTS: _, ...clean } = process.env
  const command = [...args, `${relay.url}/x`]
  const { stdout } = await run(program as string, command, { env: { ...clean, ...env } })
  return stdout
}

describe('a relay with HTTPS', () => {
  it.runIf(hasPython).each([
    ['Node', NODE, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['Python', PYTHON, 'CERTIFICATE_VERIFY_FAILED'],
  ])(
    'is trusted by a program that verifies, in %s, and only by it',
    async (_, command, refusal) => {
      const env = trustingEnvironment(certificate.authorityFile)
      expect(relay.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
      expect(await ask(command, env)).toBe('hello /x')
      expect(await ask(command, {})).toContain(refusal)
      expect(events.filter(({ type }) => type === 'response')).not.toHaveLength(0)
    },
  )

  it('makes one certificate, and carries WebSockets', async () => {
    expect(await authority.certificate()).toBe(certificate)
    const { readFileSync } = await import('node:fs')
    const socket = new WebSocket(relay.url.replace('https', 'wss'), {
      ca: readFileSync(certificate.authorityFile),
    })
    await once(socket, 'open')
    socket.send('hello')
    expect(String((await once(socket, 'message'))[0])).toBe('hello!')
    const closed = once(socket, 'close')
    for (const each of sockets.clients) each.terminate()
    await closed
    expect(events.at(-2)).toMatchObject({ type: 'request', method: 'MESSAGE' })
  })

  it('resets an encrypted connection as the link does', async () => {
    const port = Number(new URL(relay.url).port)
    const sender = connectSecurely({ port, host: '127.0.0.1', rejectUnauthorized: false })
    const failed = once(sender, 'error')
    sender.write('GET /reset HTTP/1.1\r\nHost: a\r\n\r\n')
    expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' })
  })

  it('survives a sender that does not encrypt', async () => {
    const socket = connect(Number(new URL(relay.url).port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    socket.resume()
    await once(socket, 'close')
  })

  it('removes its authority at the end', async () => {
    const other = new ThrowawayAuthority(() => temporaryFolder(home, warden))
    const { authorityFile } = await other.certificate()
    expect(existsSync(authorityFile)).toBe(true)
    await other.close()
    expect(existsSync(authorityFile)).toBe(false)
  })
})
