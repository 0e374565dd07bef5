import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import type { ClientDefinition } from '../../core/client.ts'
import { Problem } from '../../core/problem.ts'
import type { ServerDefinition } from '../../core/server.ts'
import tinyClient from '../../testing/tiny-client.ts'
import tinyServer from '../../testing/tiny-server.ts'
import { wireWorld } from './index.ts'
import { directProxy } from './testing/direct-proxy.ts'
import { TRANSPORT } from './testing/transport.ts'

const home = mkdtempSync(join(tmpdir(), 'preflight-test-'))
afterAll(() => rmSync(home, { recursive: true }))

/** Resolves to the Problem's message; undefined if client and server start. */
async function problemOf({
  client = tinyClient,
  server = tinyServer,
}: {
  client?: ClientDefinition
  server?: ServerDefinition
}): Promise<string | undefined> {
  const tempFolder = mkdtempSync(join(home, 'temp-'))
  const subjects = [{ client, server, policy: 'last-write-wins' }]
  try {
    const world = await wireWorld({
      openProxy: directProxy,
      transport: TRANSPORT,
      effects: new Map(),
      tempFolder,
      subjects,
    })
    await world.close()
    return undefined
  } catch (error) {
    if (error instanceof Problem) return error.message
    throw error
  } finally {
    expect(readdirSync(tempFolder)).toEqual([])
  }
}

const program = (...command: string[]) => ({ ...tinyClient, name: 'mine', command })
const script = (code: string) => program('sh', '-c', code)
const moduleOf = (name: string, code: string) => {
  writeFileSync(join(home, name), code)
  return pathToFileURL(join(home, name)).href
}
const READY = '{"type":"ready"}'

describe('a preflight', () => {
  it('accepts a client and a server that start', async () => {
    expect(await problemOf({})).toBeUndefined()
    expect(await problemOf({ client: script(`echo '${READY}'; cat`) })).toBeUndefined()
  })

  it.each<readonly [string, ClientDefinition, string]>([
    ['is missing', program('/nope'), 'cannot run /nope: no such file'],
    [
      'prints a banner',
      script('echo Starting up...; cat'),
      `expected ${READY} as its first line, got "Starting up..."; write logs to stderr`,
    ],
    ['exits at once', script('echo one >&2; echo au revoir >&2; exit 3'), 'exit code 3: au revoir'],
    [
      'says nothing',
      program('sleep', '1000'),
      `expected ${READY} as its first line within 10 s, got nothing`,
    ],
  ])('names the problem of a program that %s', async (_, client, problem) => {
    expect(await problemOf({ client })).toContain(`the client 'mine' does not start: ${problem}`)
  })

  it('names the problem of a module that throws when it is loaded', async () => {
    const module = moduleOf('throws.ts', "throw new Error('not today' as string)")
    expect(await problemOf({ client: { ...tinyClient, module } })).toMatch(
      /^the client 'tiny' does not start: exit code 1: Error: not today \(.*throws\.ts:1:7\)$/,
    )
  })

  it('names the problem of a server that does not start', async () => {
    const module = moduleOf(
      'server.ts',
      "export default { create() { throw new Error('no database' as string) } }",
    )
    expect(await problemOf({ server: { ...tinyServer, module } })).toMatch(
      /^the server 'tiny' does not start: exit code 1: Error: no database/,
    )
  })

  it('loads a module as it is if it cannot be loaded when it is compiled', async () => {
    // `arguments` exists in CommonJS, which this file is for tsx: its folder has no package.json.
    const module = moduleOf(
      'sloppy.ts',
      "if (typeof exports === 'undefined') throw new Error('compiled'); export default 1 as number",
    )
    expect(await problemOf({ client: { ...tinyClient, module } })).toBeUndefined()
  })
})
