import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { afterAll, describe, expect, it } from 'vitest'
import { pickClient } from './pick-client.ts'

const folder = mkdtempSync(join(tmpdir(), 'tp-device-'))
afterAll(() => rmSync(folder, { recursive: true }))

function device(name: string, about: object, guest = 'browser'): string {
  writeFileSync(
    join(folder, name),
    `export default { guest: '${guest}', about: ${JSON.stringify(about)}, open() {} }`,
  )
  return `browser:./${name}`
}

it.each([
  ['browser:./none.mjs', /^--client browser: '\.\/none\.mjs': there is no file /],
  [
    device('guest.mjs', { name: 'a', url: '/' }, 'client'),
    /^browser:\.\/guest\.mjs expects a file with `export default browser\(\{ name, url \}, …\)`/,
  ],
  [device('no-url.mjs', { name: 'a' }), /^browser:\.\/no-url\.mjs: 'url': /],
  [device('slow.mjs', { name: 'a', url: '/', timeScale: 0.5 }), /'timeScale': /],
])('explains in one line what is wrong with %s', async (argument, message) => {
  await expect(pickClient(argument, folder)).rejects.toThrow(message)
})

const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium'
describe.skipIf(!existsSync(chromium))('with a browser', () => {
  it('is a program at time scale 1 that is installed first, unless it can do more', async () => {
    const { definition, source } = await pickClient(
      device('a.mjs', { name: 'a', url: '/', update: false }),
      folder,
    )
    expect(source).toBe(`browser:${join(folder, 'a.mjs')}`)
    expect(definition).toMatchObject({ name: 'a', title: 'a', timeScaleMax: 1 })
    expect(definition.capabilities).toMatchObject({ update: false, delete: true, browser: true })
    expect(definition.installMaxMs).toBeGreaterThan(0)
    expect(definition.command?.at(-1)).toMatch(/^file:.*a\.mjs$/)
    const faster = device('b.mjs', { name: 'b', url: '/', timeScale: 20 })
    expect((await pickClient(faster, folder)).definition.timeScaleMax).toBe(20)
  })
})
