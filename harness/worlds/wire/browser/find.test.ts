import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { findChromium, loadPlaywright, type Playwright, requireNetwork } from './find.ts'

const folder = mkdtempSync(join(tmpdir(), 'tp-find-'))
afterAll(() => rmSync(folder, { recursive: true }))

const installed = join(folder, 'chromium')
writeFileSync(installed, '')
chmodSync(installed, 0o755)
const downloads = (path: string) => ({ chromium: { executablePath: () => path } }) as Playwright

it('finds the Chromium of CHROMIUM before that of Playwright, and that before the PATH', () => {
  const [own, downloaded] = [join(folder, 'own'), join(folder, 'downloaded')]
  for (const path of [own, downloaded]) writeFileSync(path, '')
  const PATH = `/nowhere:${folder}`
  expect(findChromium(downloads(downloaded), { CHROMIUM: own, PATH })).toBe(own)
  expect(findChromium(downloads(downloaded), { PATH })).toBe(downloaded)
  expect(findChromium(downloads('/nowhere/chrome'), { PATH })).toBe(installed)
})

it('says which file CHROMIUM names if there is none', () => {
  expect(() => findChromium(downloads(''), { CHROMIUM: '/nowhere/chrome' })).toThrow(
    'CHROMIUM expects the path of a Chromium; there is no file /nowhere/chrome',
  )
})

it('loads Playwright from our own packages if the device has none', async () => {
  const { chromium } = await loadPlaywright(pathToFileURL(join(folder, 'device.ts')).href)
  expect(chromium.name()).toBe('chromium')
})

it('refuses a machine that has only loopback: an app would be told that it is offline', () => {
  const address = { address: '', netmask: '', mac: '', cidr: null, family: 'IPv4' as const }
  const lo = [{ ...address, internal: true }]
  expect(() => requireNetwork({ lo })).toThrow(/expects a network interface besides loopback/)
  expect(() => requireNetwork({ lo, eth0: [{ ...address, internal: false }] })).not.toThrow()
})
