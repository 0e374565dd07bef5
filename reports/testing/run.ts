import type { History } from '../../harness/core/history.ts'
import type { ReportInput } from '../../harness/core/report.ts'
import type { InvariantResult, ScenarioResult } from '../../harness/core/result.ts'
import { worst } from '../../harness/core/verdict.ts'
import { ackLost, hostile, nothingSeen, tunnelLost, tunnelPassed } from './histories.ts'
import { HOSTILE } from './stories.ts'

const PROMISES: Readonly<Record<string, string>> = {
  'NO-LOSS': 'What a person was told is taken reaches the server, or they see why not.',
  'EXACTLY-ONCE': 'Each thing a person does takes effect once.',
  'ONE-ROW': 'Each thing a person does is shown once.',
  'STATUS-TRUTH': 'The icons tell the truth.',
  'CONFLICT-POLICY': 'Of two edits, the one the policy names wins.',
  FIFO: 'Messages of a conversation arrive in the order they were sent.',
}

type Findings = Readonly<Record<string, InvariantResult['findings']>>

const invariants = (
  findings: Findings,
  undecided: Readonly<Record<string, string>> = {},
): InvariantResult[] =>
  Object.entries(PROMISES).map(([id, promise]) => {
    const found = findings[id] ?? []
    if (found.length > 0) return { id, promise, verdict: 'fail', judged: 2, findings: found }
    if (undecided[id] !== undefined)
      return { id, promise, verdict: 'unknown', judged: 0, why: undecided[id], findings: [] }
    if (id === 'CONFLICT-POLICY')
      return {
        id,
        promise,
        verdict: 'idle',
        judged: 0,
        why: 'nobody wrote on an old version',
        findings: [],
      }
    return { id, promise, verdict: 'pass', judged: 2, findings: [] }
  })

function result(
  history: History,
  judged: InvariantResult[],
  more: Partial<ScenarioResult> = {},
): ScenarioResult {
  const { scenario, client, server, seed, timeScale, world } = history.head
  return {
    scenario: scenario.name,
    title: scenario.title,
    story: scenario.story,
    world,
    client: client.name,
    server: server.name,
    seed,
    timeScale,
    verdict: worst(judged.map(({ verdict }) => (verdict === 'idle' ? 'pass' : verdict))),
    exercised: Object.entries(scenario.exercised).map(([what, least = 0]) => ({
      what,
      least,
      got: least,
    })),
    invariants: judged,
    events: history.all.length,
    hash: history.hash(),
    scenarioMs: history.all.at(-1)?.t ?? 0,
    realMs: world === 'sim' ? 6 : 9240,
    history: `${scenario.name}/${world}/history.jsonl`,
    replay: `npx tunnelproof replay reports/out/latest/${scenario.name}/${world}`,
    ...more,
  }
}

function input(
  played: readonly { history: History; result: ScenarioResult }[],
  more: Partial<ReportInput['run']> = {},
): ReportInput {
  const results = played.map(({ result }) => result)
  return {
    run: {
      version: 1,
      tool: 'tunnelproof 0.1.0',
      startedAt: '2026-01-01T08:00:00.000Z',
      realMs: 12_340,
      worlds: { sim: 'virtual time', wire: 'Toxiproxy 2.12.0 (binary)' },
      verdict: worst(results.map(({ verdict }) => verdict)),
      results,
      skipped: [],
      ...more,
    },
    historyOf: (wanted) => {
      const found = played.find(({ result }) => result === wanted)
      if (!found)
        throw new Error(
          `no history for ${wanted.title}: reports must ask with the result they were given`,
        )
      return found.history
    },
  }
}

/** One of each: passed, failed (lost, duplicated), undecided, skipped, idle; in both worlds. */
export function everything(): ReportInput {
  const worlds = ['sim', 'wire'] as const
  const passed = worlds
    .map((world) => tunnelPassed(world))
    .map((history) => ({ history, result: result(history, invariants({})) }))
  const lost = worlds.map((world) => {
    const { history, evidence } = tunnelLost(world)
    const texts = ['In the tunnel now', 'See you at eight']
    const findings = texts.map((text, i) => ({
      message: `ana's message '${text}' (ana-${i + 1}) is gone: the app took it, no request ever reached the server, and no screen shows it any more.`,
      ops: [`ana-${i + 1}`],
      evidence: evidence[i] ?? [],
    }))
    return { history, result: result(history, invariants({ 'NO-LOSS': findings })) }
  })
  const doubled = (() => {
    const { history, evidence, rows } = ackLost('sim')
    const judged = invariants({
      'EXACTLY-ONCE': [
        {
          message:
            "ana's message 'The train is late' (ana-1) took effect 2 times: commits #1 and #2.",
          ops: ['ana-1'],
          evidence,
        },
      ],
      'ONE-ROW': [
        {
          message: "ben sees ana's message 'The train is late' (ana-1) in 2 rows.",
          ops: ['ana-1'],
          evidence: rows,
        },
      ],
    })
    return { history, result: result(history, judged) }
  })()
  const undecided = (() => {
    const history = nothingSeen('wire')
    const judged = invariants(
      {},
      { 'NO-LOSS': 'ana never came back, so nobody could look at her screen' },
    )
    return {
      history,
      result: result(history, judged, { exercised: [{ what: 'serverCommits', least: 1, got: 0 }] }),
    }
  })()
  const why = 'interview/naive keeps no notes'
  const skipped = worlds.map((world) => ({
    scenario: 'partition-notes',
    title: 'Partition, one note',
    world,
    why,
  }))
  return input([...lost, ...passed, doubled, undecided], { skipped })
}

/** One message, attacking. */
export function attacked(): ReportInput {
  const { history, evidence } = hostile()
  const findings = [
    {
      message: `ana's message '${HOSTILE}' is shown as failed though it was committed.`,
      ops: ['ana-1'],
      evidence,
    },
  ]
  return input(
    [
      {
        history,
        result: result(history, invariants({ 'STATUS-TRUTH': findings }), { why: HOSTILE }),
      },
    ],
    {
      worlds: { sim: HOSTILE },
      skipped: [{ scenario: 'x', title: HOSTILE, world: 'sim', why: HOSTILE }],
    },
  )
}

/** A single passed run, nothing skipped: singular and silence. */
export function onePassed(): ReportInput {
  const history = tunnelPassed()
  return input(
    [
      {
        history,
        result: result(
          history,
          invariants({}).filter(({ verdict }) => verdict !== 'idle'),
        ),
      },
    ],
    { worlds: { sim: 'virtual time' } },
  )
}
