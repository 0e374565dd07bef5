import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Matrix, matrixSchema } from '../../core/matrix.ts'
import { HOME } from '../catalog/home.ts'
import { tunnelproof } from '../testing/run-command.ts'

/** Native clients in the place of guests: they need no installation. */
const clientAt = (path: string) =>
  `export { default } from '${fileURLToPath(new URL(`clients/${path}/index.ts`, HOME))}'\n`

let cwd: string
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tunnelproof-matrix-'))
})
afterAll(() => rmSync(cwd, { recursive: true }))

function put(path: string, content: string | object): void {
  const file = join(cwd, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
}
const read = (path: string) => readFileSync(join(cwd, path), 'utf8')
const resultIn = (folder: string): Matrix =>
  matrixSchema.parse(JSON.parse(read(`${folder}/matrix.json`)))
const cellsOf = (path: string) => JSON.parse(read(path)).cells

const row = (more: object = {}) => ({
  ...{ title: 'Queue', library: 'queue', backend: 'our stub', server: 'dedup' },
  scenarios: ['tunnel', 'lost-ack', 'edit-in-flight'],
  cells: {},
  ...more,
})

describe('tunnelproof matrix', () => {
  it('accepts what is found with --update, then finds it again, with the same digest', async () => {
    put('two/queue/client.ts', clientAt('interview/naive'))
    put('two/queue/client.plain.ts', clientAt('plain'))
    put('two/queue/expected.json', row())
    put('two/queue/expected.plain.json', row({ client: './client.plain.ts' }))
    put('two/README.md', '# Mine\n\n<!-- matrix:begin -->\nold\n<!-- matrix:end -->\n\nAfter.\n')
    const sim = ['--wire', 'none', '--seeds', '1..2', '--jobs', '1']

    const first = await tunnelproof(cwd, 'matrix', 'two', ...sim, '--out', 'first')
    expect(first).toMatchObject({ exitCode: 1, err: '' })
    expect(first.out).toContain('queue/plain: nothing is expected yet')
    expect(cellsOf('two/queue/expected.json')).toEqual({})

    const update = ['--update', '--write-readme', '--out', 'updated']
    expect(await tunnelproof(cwd, 'matrix', 'two', ...sim, ...update)).toMatchObject({
      ...{ exitCode: 0, err: '' },
    })
    expect(cellsOf('two/queue/expected.json')).toEqual({
      ...{ tunnel: ['NO-LOSS', 'READ-YOUR-WRITES'], 'lost-ack': ['ONE-ROW'] },
      'edit-in-flight': 'skipped',
    })
    expect(cellsOf('two/queue/expected.plain.json')).toEqual({
      ...{ tunnel: 'pass', 'lost-ack': 'pass', 'edit-in-flight': 'pass' },
    })
    expect(read('two/README.md')).toMatch(/^# Mine\n\n<!-- matrix:begin -->\n\n2 rows, 6 cells: /)
    expect(read('two/README.md')).toMatch(/\n<!-- matrix:end -->\n\nAfter.\n$/)
    expect(read('two/README.md')).not.toContain('old')

    const again = await tunnelproof(cwd, 'matrix', 'two', ...sim, '--out', 'updated')
    expect(again).toMatchObject({ exitCode: 0, err: '' })
    expect(again.out).toContain('all as expected')
    const { rows } = resultIn('updated')
    expect(rows.map(({ name }) => name)).toEqual(['queue', 'queue/plain'])
    expect(rows[0]?.cells[0]?.sim).toMatchObject({ runs: 2, alike: 2, cost: { requests: 8 } })
    expect(rows[1]?.cells[0]?.sim?.recoveryMs).toBeGreaterThan(0)
    expect(read('updated/matrix.html')).toContain('<!doctype html>')
    expect(existsSync(join(cwd, 'updated/rows/queue/histories/sim/tunnel.2.jsonl'))).toBe(true)

    const digests = await tunnelproof(cwd, 'matrix', 'two', ...sim, '--digests')
    expect(digests).toMatchObject({
      exitCode: 0,
      out: rows.map(({ name, digest }) => `${name} ${digest}\n`).join(''),
    })
  })

  it('a replay command of a cell plays it again', async () => {
    put('replay/queue/client.ts', clientAt('interview/naive'))
    put('replay/queue/expected.json', row({ scenarios: ['lost-ack'] }))
    await tunnelproof(cwd, 'matrix', 'replay', '--wire', 'none', '--out', 'replayed')
    const [cell] = resultIn('replayed').rows[0]?.cells ?? []
    const [npx, tool, ...argv] = cell?.sim?.replay?.split(' ') ?? []
    expect([npx, tool]).toEqual(['npx', 'tunnelproof'])
    expect(await tunnelproof(cwd, ...argv, '--out', 'again')).toMatchObject({ exitCode: 1 })
  })

  it('plays failing cells on the wire, where they agree', async () => {
    const lost = ['NO-LOSS', 'READ-YOUR-WRITES']
    const cells = { tunnel: ['NO-LOSS'], 'tunnel-app-killed': lost, clean: 'skipped' }
    put('wire/queue/client.ts', clientAt('interview/naive'))
    put('wire/queue/expected.json', row({ scenarios: Object.keys(cells), cells }))
    const { exitCode, out } = await tunnelproof(cwd, 'matrix', 'wire/queue', '--out', 'wired')
    expect(exitCode).toBe(1)
    expect(out).toContain(
      'queue, tunnel: expected: NO-LOSS fails; the sim found: NO-LOSS and READ-YOUR-WRITES fail',
    )
    const [tunnel, killed, skipped] = resultIn('wired').rows[0]?.cells ?? []
    expect(tunnel?.wire?.verdict).toEqual(lost)
    expect(killed).toMatchObject({ wire: { verdict: lost }, differences: [] })
    expect(skipped?.wire).toBeUndefined()
  })

  it('a client that is a program is played on the wire only', async () => {
    const program = { command: ['true'], name: 'p', title: 'a program' }
    const capabilities = {
      ...{ collections: ['messages'], update: false, delete: false, cancel: false },
      ...{ statuses: false, outbox: false, cursor: false, versions: false, allSynced: false },
      ...{ conflicts: false, ordered: false, recovery: 60_000 },
    }
    put('program/p/client.json', { ...program, capabilities })
    put('program/p/expected.json', row({ client: './client.json' }))
    const digests = await tunnelproof(cwd, 'matrix', 'program', '--digests')
    expect(digests).toEqual({ exitCode: 0, err: '', out: 'p is played on the wire only\n' })
  })

  it('a row that is not installed says what to do; the others are played', async () => {
    put('some/package.json', {})
    put('some/a/expected.json', row({ library: 'left-out', version: '1.2.3' }))
    put('some/b/client.ts', clientAt('plain'))
    put('some/b/expected.json', row({ scenarios: ['tunnel'], cells: { tunnel: 'pass' } }))
    const played = await tunnelproof(cwd, 'matrix', 'some', '--wire', 'none', '--out', 'some-out')
    expect(played).toMatchObject({ exitCode: 2, err: '' })
    expect(played.out).toContain(
      'Not played\n  a: left-out 1.2.3 is not installed: npm ci --prefix some\n',
    )
    expect(resultIn('some-out').rows.map(({ cells }) => cells.length)).toEqual([0, 1])
  })

  it('a row must name the version that is installed', async () => {
    put('old/node_modules/queue/package.json', { version: '2.0.0' })
    put('old/a/expected.json', row({ version: '1.2.3' }))
    const { out } = await tunnelproof(cwd, 'matrix', 'old', '--wire', 'none', '--out', 'old-out')
    expect(out).toMatch(/a: queue 1\.2\.3 is expected, 2\.0\.0 is installed: change 'version'/)
  })
})

describe('bad input of matrix', () => {
  beforeAll(() => {
    put('none/a/readme.txt', '')
    put('bad/a/expected.json', '{')
    put('odd/a/expected.json', row({ cells: { tunnel: 'fail' } }))
    const confirmed = { expect: ['NO-LOSS'], confirmed: './confirm.mjs' }
    put('claims/a/expected.json', row({ cells: { tunnel: confirmed } }))
    put('good/a/expected.json', row())
    put('taken/notes.txt', 'mine')
  })

  it.each([
    [['nowhere'], /^matrix expects a folder of guests, got nowhere: there is none$/],
    [['none'], /^matrix expects a folder with expected\.json, .*; none has none$/],
    [['bad'], /^bad\/a\/expected\.json is not readable as JSON: /],
    [['odd'], /^odd\/a\/expected\.json expects for cells\.tunnel: .*; got "fail"$/],
    [['claims'], /cells\.tunnel is confirmed by \.\/confirm\.mjs: no such file$/],
    [['good', '--wire', 'some'], /^--wire expects none, failing or all, got 'some'$/],
    [['good', '--write-readme'], /^--write-readme expects a README\.md in good with the lines /],
    [['good', '--digests', '--update'], /^--digests plays the sim only: give it without --update/],
    [['good', '--out', 'taken'], /one of an earlier run \(with a matrix\.json\); .*notes\.txt/],
    [['good', '--seeds', 'x'], /^--seeds expects A\.\.B/],
  ])('%j is explained in one line', async (argv, expected) => {
    const { exitCode, out, err } = await tunnelproof(cwd, 'matrix', ...argv)
    expect({ exitCode, out }).toEqual({ exitCode: 64, out: '' })
    expect(err.trim()).toMatch(expected)
    expect(err.trim()).not.toContain('\n')
  })
})
