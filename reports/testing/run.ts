/**
 * Report inputs made from the hand-written histories, for the tests of every format.
 *
 * @module
 */

import { FORMAT_VERSION } from '../../harness/core/format-version.ts'
import type { History } from '../../harness/core/history.ts'
import type { ReportEntry, ReportInput } from '../../harness/core/report.ts'
import type { InvariantResult, ScenarioResult } from '../../harness/core/result.ts'
import type { ServerTells } from '../../harness/core/server.ts'
import { worst } from '../../harness/core/verdict.ts'
import { scenarioResult } from '../../harness/run/result.ts'
import {
  ackLost,
  hostile,
  interceptedSix,
  nothingSeen,
  tunnelLost,
  tunnelPassed,
} from './histories.ts'
import { HOSTILE } from './stories.ts'

const PROMISES: Readonly<Record<string, string>> = {
  'NO-LOSS': 'What a person was told is taken reaches the server, or they see why not.',
  'EXACTLY-ONCE': 'Each thing a person does takes effect once.',
  'ONE-ROW': 'Each thing a person does is shown once.',
  'STATUS-TRUTH': 'The icons tell the truth.',
  'CONFLICT-POLICY': 'Of two edits, the one the policy names wins.',
  FIFO: 'Messages of a conversation arrive in the order they were sent.',
  'RETRY-BOUND': 'The app waits longer and longer between attempts.',
}
const FIGURES: Readonly<Record<string, string>> = {
  'RETRY-BOUND': '14 retries per waiting write and hour',
}
const IDLE: Readonly<Record<string, string>> = {
  'CONFLICT-POLICY': 'nobody wrote on an old version',
}

type Findings = Readonly<Record<string, InvariantResult['findings']>>

/** Results of all invariants: those with findings fail, those in `undecided` are unknown. */
function invariants(
  findings: Findings,
  undecided: Readonly<Record<string, string>> = {},
): InvariantResult[] {
  return Object.entries(PROMISES).map(([id, promise]): InvariantResult => {
    const own = findings[id] ?? []
    if (own.length > 0) return { id, promise, verdict: 'fail', judged: 2, findings: own }
    const invariant = { id, promise, judged: 0, findings: [] }
    if (undecided[id] !== undefined) return { ...invariant, verdict: 'unknown', why: undecided[id] }
    if (IDLE[id] !== undefined) return { ...invariant, verdict: 'idle', why: IDLE[id] }
    const figure = FIGURES[id]
    return { ...invariant, verdict: 'pass', judged: 2, ...(figure !== undefined && { figure }) }
  })
}

function entry(
  history: History,
  judged: InvariantResult[],
  more: Partial<ScenarioResult> = {},
): ReportEntry {
  const { scenario, world } = history.head
  const verdicts = judged.map(({ verdict }) => (verdict === 'idle' ? 'pass' : verdict))
  const exercised = Object.entries(scenario.exercised)
  const judgement = {
    verdict: worst(verdicts),
    exercised: exercised.map(([what, least = 0]) => ({ what, least, got: least })),
    invariants: judged,
  }
  const files = {
    history: `${scenario.name}/${world}/history.jsonl`,
    replay: `npx tunnelproof replay reports/out/latest/${scenario.name}/${world}`,
  }
  const realMs = world === 'sim' ? 6 : 9240
  const result = { ...scenarioResult({ history, judgement, realMs, files }), ...more }
  return { result, history }
}

function input(
  entries: readonly ReportEntry[],
  more: Partial<ReportInput['run']> = {},
): ReportInput {
  const results = entries.map(({ result }) => result)
  return {
    run: {
      version: FORMAT_VERSION,
      tool: 'tunnelproof 0.1.0',
      startedAt: '2026-01-01T08:00:00.000Z',
      realMs: 12_340,
      worlds: { sim: 'virtual time', wire: 'Toxiproxy 2.12.0 (binary)' },
      verdict: worst(results.map(({ verdict }) => verdict)),
      results,
      skipped: [],
      ...more,
    },
    entries,
  }
}

/** Runs of each kind in both worlds: passed, failed, undecided, skipped; with idle invariants. */
export function everything(): ReportInput {
  const worlds = ['sim', 'wire']
  const skipped = worlds.map((world) => ({
    scenario: 'partition-notes',
    title: 'Partition, one note',
    world,
    why: 'interview/naive keeps no notes',
  }))
  return input(
    [
      ...worlds.map(lostEntry),
      ...worlds.map((world) => entry(tunnelPassed(world), invariants({}))),
      duplicatedEntry(),
      undecidedEntry(),
    ],
    { skipped },
  )
}

function lostEntry(world: string): ReportEntry {
  const { history, evidence } = tunnelLost(world)
  const findings = ['In the tunnel now', 'See you at eight'].map((text, i) => ({
    message:
      `ana's message '${text}' (ana-${i + 1}) is gone: the app took it, ` +
      'no request ever reached the server, and no screen shows it any more.',
    opIds: [`ana-${i + 1}`],
    evidence: evidence[i] ?? [],
  }))
  return entry(history, invariants({ 'NO-LOSS': findings }))
}

/** A run on a server that tells holdings only: its commits are derived. */
export function holdings(): ReportInput {
  return input([duplicatedEntry('holdings')], { worlds: { sim: 'virtual time' } })
}

function duplicatedEntry(tells?: ServerTells): ReportEntry {
  const { history, evidence, rows } = ackLost('sim', tells)
  const message = "ana's message 'The train is late' (ana-1)"
  const twice = {
    message: `${message} took effect 2 times: commits #1 and #2.`,
    opIds: ['ana-1'],
    evidence,
  }
  const twoRows = { message: `ben sees ${message} in 2 rows.`, opIds: ['ana-1'], evidence: rows }
  return entry(history, invariants({ 'EXACTLY-ONCE': [twice], 'ONE-ROW': [twoRows] }))
}

function undecidedEntry(): ReportEntry {
  const why = 'ana never came back, so nobody could look at her screen'
  const exercised = [{ what: 'serverCommits', least: 1, got: 0 }] as const
  return entry(nothingSeen('wire'), invariants({}, { 'NO-LOSS': why }), {
    exercised: [...exercised],
  })
}

/** A scenario with two clients: one loses what the other delivers; a second that only one plays. */
export function twoClients(): ReportInput {
  const ofClient = (client: string, { result, history }: ReportEntry): ReportEntry => ({
    history,
    result: { ...result, client, replay: `${result.replay} --client ${client}` },
  })
  return input(
    [
      ofClient('interview/naive', lostEntry('sim')),
      ofClient('plain', passedInstead('sim')),
      ofClient('plain', duplicatedEntry()),
    ],
    {
      worlds: { sim: 'virtual time' },
      skipped: [
        {
          ...{ scenario: 'keep-race', title: 'Keep race', world: 'sim', client: 'plain' },
          why: 'interrupted before it was judged',
        },
      ],
    },
  )
}

function passedInstead(world: string): ReportEntry {
  const { result } = lostEntry(world)
  const { scenario, title, story } = result
  return entry(tunnelPassed(world), invariants({}), { scenario, title, story })
}

/** A run whose message and texts attack the report. */
export function attacked(): ReportInput {
  const { history, evidence } = hostile()
  const finding = {
    message: `ana's message '${HOSTILE}' is shown as failed though it was committed.`,
    opIds: ['ana-1'],
    evidence,
  }
  return input([entry(history, invariants({ 'STATUS-TRUTH': [finding] }), { why: HOSTILE })], {
    worlds: { sim: HOSTILE },
    skipped: [{ scenario: 'x', title: HOSTILE, world: 'sim', why: HOSTILE }],
  })
}

/** A run in which a fault acted on requests in each way. */
export function intercepted(): ReportInput {
  return input([entry(interceptedSix(), [])], { worlds: { sim: 'virtual time' } })
}

/** A single passed run, without skipped scenarios and idle invariants. */
export function onePassed(): ReportInput {
  const judged = invariants({}).filter(({ verdict }) => verdict !== 'idle')
  return input([entry(tunnelPassed(), judged)], { worlds: { sim: 'virtual time' } })
}
