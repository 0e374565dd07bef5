import { FORMAT_VERSION } from '../../harness/core/format-version.ts'
import type { CellOutcome, Matrix, MatrixCell, MatrixRow } from '../../harness/core/matrix.ts'
import { HOSTILE } from './stories.ts'

/** Matrices written by hand, for the tests of their renders. */
const outcome = (more: Partial<CellOutcome> = {}): CellOutcome => ({
  verdict: 'pass',
  runs: 3,
  alike: 3,
  evidence: [],
  cost: { writes: 6, requests: 9, bytes: 1200 },
  recoveryMs: 4200,
  ...more,
})

const failed = (more: Partial<CellOutcome> = {}): CellOutcome => {
  const { recoveryMs: _, ...rest } = outcome({
    verdict: ['EXACTLY-ONCE', 'ONE-ROW'],
    alike: 2,
    finding: "ana's message 'The train is late' (ana-1) took effect 2 times: commits #1 and #2",
    evidence: ['5.00 s  server  commits ana-1 as m1 v1', '9.00 s  server  commits ana-1 as m2 v1'],
    replay: 'npx tunnelproof run lost-ack --client ./queue/client.ts --world sim --seed 2',
    ...more,
  })
  return rest
}

const cell = (scenario: string, more: Partial<MatrixCell>): MatrixCell => ({
  scenario,
  differences: [],
  ...more,
})

const row = (more: Partial<MatrixRow>): MatrixRow => ({
  name: 'queue',
  title: 'Queue on memory',
  library: 'queue',
  version: '1.2.3',
  backend: 'express',
  clientLines: 19,
  serverLines: 12,
  runsPerCoreSecond: 7.2,
  digest: 'a'.repeat(64),
  cells: [],
  ...more,
})

const matrix = (rows: MatrixRow[]): Matrix => ({
  version: FORMAT_VERSION,
  tool: 'tunnelproof 0.1.0',
  startedAt: '2026-01-01T08:00:00.000Z',
  realMs: 12_340,
  seeds: [1, 2, 3],
  worlds: { sim: 'virtual time', wire: 'Toxiproxy 2.12.0 (binary)' },
  scenarios: ['tunnel', 'lost-ack', 'edit-versus-delete', 'server-crash-mid-push'].map((name) => ({
    name,
    title: name,
    story: `The story of ${name}.`,
  })),
  rows,
})

/** A cell of each kind: as expected or not, in one world or both; and a row that was not played. */
export function everyCell(): Matrix {
  const passed = cell('tunnel', { expected: 'pass', sim: outcome() })
  const explained = cell('lost-ack', {
    expected: ['EXACTLY-ONCE', 'ONE-ROW'],
    why: 'It sends a create again without a key.',
    confirmed: './confirm.lost-ack.mjs',
    sim: failed(),
    wire: failed({ runs: 1, alike: 1 }),
  })
  const skipped = cell('edit-versus-delete', {
    expected: 'skipped',
    sim: outcome({ verdict: 'skipped', runs: 0, alike: 0, why: 'queue cannot delete' }),
  })
  const undecided = cell('server-crash-mid-push', {
    expected: 'pass',
    sim: outcome({ verdict: 'unknown', why: 'exercised too little: lostAcks 0, needs 1' }),
    differences: [{ kind: 'expected', text: 'expected: pass; the sim found: unknown' }],
  })
  const { runsPerCoreSecond: _, digest: __, version: ___, ...other } = row({})
  const unsure = cell('lost-ack', {
    expected: ['NO-LOSS'],
    sim: failed({ verdict: ['NO-LOSS'], alike: 3 }),
    wire: outcome({ runs: 1, alike: 1 }),
    differences: [
      {
        kind: 'worlds',
        text: 'the worlds do not agree: the sim found: NO-LOSS fails; the wire found: pass',
      },
    ],
  })
  return matrix([
    row({ cells: [passed, explained, skipped, undecided] }),
    row({ name: 'queue/disk', title: 'Queue on disk', cells: [passed, unsure] }),
    { ...other, name: 'new', title: 'New', cells: [cell('tunnel', { sim: outcome(), ...NEW })] },
    {
      ...other,
      name: 'gone',
      title: 'Gone',
      problem: 'queue 1.2.3 is not installed: npm ci',
      cells: [],
    },
  ])
}

const NEW = {
  differences: [{ kind: 'expected' as const, text: 'nothing is expected, the sim found: pass' }],
}

/** A row whose texts attack the render. */
export function hostileMatrix(text = HOSTILE): Matrix {
  const attack = failed({ finding: text, evidence: [text], why: text, replay: text })
  return {
    ...matrix([
      row({
        name: text,
        title: text,
        library: text,
        version: text,
        backend: text,
        problem: text,
        cells: [
          cell('lost-ack', {
            why: text,
            confirmed: text,
            sim: attack,
            differences: [{ kind: 'expected', text }],
          }),
        ],
      }),
    ]),
    worlds: { sim: text },
  }
}
