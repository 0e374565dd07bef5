import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { pickServer } from './pick-server.ts'
import { dumpSource } from './program-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'tunnelproof-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const ITEM = { collection: 'notes', id: '1', content: { text: 'x' } }
writeFileSync(join(folder, 'dump.mjs'), 'export default ({ url }) => [{ url }]')
writeFileSync(join(folder, 'none.mjs'), 'export const dump = () => []')

const pick = (server: string, dump?: string) => pickServer(server, folder, dump)

/** A server whose dump is `text`. */
async function serving(text: string, status = 200): Promise<string> {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/dump' ? status : 404).end(text)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  server.unref()
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('--server exec:', () => {
  it('runs in the folder where it was given, and tells what it holds', async () => {
    const { definition, source } = await pick('exec:npm run "my server"', './dump.mjs')
    expect(definition).toMatchObject({
      name: source,
      tells: 'holdings',
      program: { command: ['npm', 'run', 'my server'], cwd: folder },
    })
    const at = { url: 'http://x', folder: '/y' }
    expect(await definition.program?.dump(at)).toEqual([{ url: 'http://x' }])
    expect(() => definition.create({} as never, {} as never)).toThrow(/wire only/)
  })

  it('asks the server itself if the dump is a path, and anybody if it is a URL', async () => {
    const url = await serving(JSON.stringify([ITEM]))
    const own = await pick('exec:x', '/dump')
    expect(await own.definition.program?.dump({ url, folder: '' })).toEqual([ITEM])
    const other = await pick('exec:x', `${url}/dump`)
    expect(await other.definition.program?.dump({ url: 'http://x', folder: '' })).toEqual([ITEM])
  })

  it.each([
    ['hello', 200, /expected a list in JSON, got "hello"/],
    ['[]', 500, /expected status 200 and a list in JSON, got 500/],
  ])('says what the dump gave instead of a list: %s, %s', async (text, status, expected) => {
    const { definition } = await pick('exec:x', '/dump')
    const url = await serving(text, status)
    await expect(definition.program?.dump({ url, folder: '' })).rejects.toThrow(expected)
  })

  it('says that nobody answers', async () => {
    const { definition } = await pick('exec:x', '/dump')
    const at = { url: 'http://127.0.0.1:1', folder: '' }
    await expect(definition.program?.dump(at)).rejects.toThrow(
      /^GET http:\/\/127.0.0.1:1\/dump: .*ECONNREFUSED/,
    )
  })

  it.each([
    ['exec: ', '/dump', /expects a program, such as 'exec:npm start'/],
    ['exec:npm start', undefined, /expects --dump as well/],
    ['exec:npm start', 'nonsense', /--dump expects a module .* got 'nonsense'/],
    ['exec:npm start', './none.mjs', /expects a function as its default export/],
    ['exec:npm start', './nowhere.ts', /--dump '.\/nowhere.ts': there is no file/],
    ['dedup', '/dump', /--dump is for a server that listens by itself/],
  ])('explains what is missing: %s --dump %s', async (server, dump, expected) => {
    await expect(pick(server, dump)).rejects.toThrow(expected)
  })

  it('names a dump so that a replay finds it from any folder', () => {
    expect(dumpSource('./dump.mjs', folder)).toBe(join(folder, 'dump.mjs'))
    expect(dumpSource('/dump', folder)).toBe('/dump')
    expect(dumpSource('http://x/dump', folder)).toBe('http://x/dump')
  })
})
