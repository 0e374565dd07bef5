import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { sha256Hex } from '../../core/hash.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** Plays a hosted server in the sim in a process of its own. Resolves to the hashes by file. */
async function histories(): Promise<Record<string, string>> {
  const out = mkdtempSync(join(tmpdir(), 'tunnelproof-test-out-'))
  const play = promisify(execFile)(process.execPath, [
    join(root, 'harness/cli/tunnelproof.js'),
    ...['run', 'server-crash-mid-push', 'flaky', '--world', 'sim', '--seeds', '1..3'],
    ...['--client', join(root, 'harness/testing/tiny-client.ts')],
    ...['--server', join(root, 'harness/guest/server/testing/items-server.ts')],
    ...['--out', out],
  ])
  // The tiny client fails these scenarios: it never pulls.
  await play.catch(() => {})
  try {
    const folder = join(out, 'histories')
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    const found = files.filter((file) => file.endsWith('.jsonl')).sort()
    return Object.fromEntries(
      found.map((file) => [file, sha256Hex(readFileSync(join(folder, file), 'utf8'))]),
    )
  } finally {
    rmSync(out, { recursive: true })
  }
}

it('plays a hosted server to the same byte in two processes', async () => {
  const [first, second] = [await histories(), await histories()]
  expect(Object.keys(first)).toHaveLength(6)
  expect(second).toEqual(first)
})
