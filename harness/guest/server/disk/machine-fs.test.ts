import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { machineFs } from './machine-fs.ts'

it('prints what is written to stdout and stderr, and writes the rest to real files', async () => {
  const printed: string[] = []
  const fs = machineFs((fd, bytes) => printed.push(`${fd} ${Buffer.from(bytes)}`), setImmediate)
  fs.writeSync(1, 'text')
  fs.writeSync(2, Buffer.from('a part of it'), 2, 4)
  const written = await new Promise((resolve) => {
    fs.write(1, 'later', (...results: unknown[]) => resolve(results))
  })
  expect(written).toEqual([null, 5, 'later'])
  fs.appendFileSync(1, 'appended')
  expect(printed).toEqual(['1 text', '2 part', '1 later', '1 appended'])
  const file = join(mkdtempSync(join(tmpdir(), 'tunnelproof-test-fs-')), 'file')
  fs.writeFileSync(file, 'real')
  expect(readFileSync(file, 'utf8')).toBe('real')
})
