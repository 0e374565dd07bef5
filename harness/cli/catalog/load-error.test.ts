import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { loadErrorText } from './load-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'tunnelproof-load-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('an error of esbuild is shown with its place', () => {
  const message =
    'Transform failed with 2 errors:\n' +
    '/tmp/a b/syntax.ts:1:16: ERROR: Expected identifier but found "{"\n' +
    '/tmp/a b/syntax.ts:3:1: ERROR: Unexpected end of file'
  expect(loadErrorText(new Error(message), 'file:///tmp/a%20b/syntax.ts')).toBe(
    'syntax.ts:1:16: Expected identifier but found "{"',
  )
})

it('an exception of a module is shown with its first frame', async () => {
  const file = join(folder, 'throws.mjs')
  writeFileSync(file, 'const settings = undefined\nexport default settings.client\n')
  const { href } = pathToFileURL(file)
  const cause = await import(href).catch((error: unknown) => error)
  expect(loadErrorText(cause, href)).toMatch(/^throws\.mjs:2:\d+: Cannot read properties/)
})

it('an error without a place is shown as one line', () => {
  const error = Object.assign(new Error('no module\nRequire stack: many'), { stack: 'no frames' })
  expect(loadErrorText(error, 'file:///tmp/x.mjs')).toBe('no module')
  expect(loadErrorText('plain text', 'file:///tmp/x.mjs')).toBe('plain text')
})
