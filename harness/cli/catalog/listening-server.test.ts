import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { pickServer } from './pick-server.ts'

const WORDS = fileURLToPath(new URL('../../guest/guest.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tunnelproof-test-listening-'))
const file = (name: string, code: string) => {
  writeFileSync(join(folder, name), code)
  return `./${name}`
}
const listening = file(
  'server.mjs',
  "import http from 'node:http'\nhttp.createServer(() => {}).listen(process.env.PORT)",
)
const dump = file('dump.mjs', 'export default () => []')
const picked = async (server: string, dumped?: string) => {
  const { definition, source } = await pickServer(server, folder, dumped)
  return { name: definition.name, title: definition.title, tells: definition.tells, source }
}

it('picks a module that listens, with its dump', async () => {
  const source = join(folder, 'server.mjs')
  const definition = { name: 'server', title: 'server', tells: 'holdings', source }
  expect(await picked(listening, dump)).toEqual(definition)
  expect(await picked(listening, '/dump')).toEqual(definition)
})

it('picks a guestServer by what it says of itself', async () => {
  const guest = file(
    'guest.ts',
    `import { guestServer } from '${WORDS}'
     export default guestServer({ name: 'mine', title: 'of mine' }, () => ({ dump: () => [] }))`,
  )
  expect(await picked(guest)).toMatchObject({ name: 'mine', title: 'of mine', tells: 'holdings' })
  await expect(picked(guest, dump)).rejects.toThrow('which has a dump() of its own: omit --dump')
})

it('says what a server lacks', async () => {
  await expect(picked(listening)).rejects.toThrow(
    './server.mjs listens by itself: add --dump, which tells what it holds',
  )
  await expect(picked(listening, './none.ts')).rejects.toThrow(/--dump .*there is no file/)
  await expect(picked(listening, 'http://localhost/dump')).rejects.toThrow(
    /--dump expects a module/,
  )
  await expect(picked('reference', dump)).rejects.toThrow(
    '--dump is for a server that listens by itself; got --server reference',
  )
})

it('names the place at which a guestServer cannot be loaded', async () => {
  const words = `import { guestServer } from '${WORDS}'\n`
  const wrong = file('wrong.ts', `${words}export default guestServer`)
  await expect(picked(wrong)).rejects.toThrow(/wrong\.ts imports 'tunnelproof\/guest'; its default/)
  const broken = file('broken.ts', `${words}\nimport 'not-installed'`)
  await expect(picked(broken)).rejects.toThrow(
    /broken\.ts:\d+:\d+: Cannot find module 'not-installed'/,
  )
  const garbled = file('garbled.ts', `${words}const = 1`)
  await expect(picked(garbled)).rejects.toThrow(/garbled\.ts:2:6: Expected identifier/)
})
