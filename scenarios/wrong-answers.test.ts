import { describe, expect, it } from 'vitest'
import { catalog } from '../harness/cli/catalog/catalog.ts'
import type { ClientDefinition } from '../harness/core/client.ts'
import type { Scenario } from '../harness/core/scenario.ts'
import { runScenario } from '../harness/run/run.ts'
import { simWorld } from '../harness/worlds/sim/index.ts'
import dedup from '../server-stub/variants/dedup.ts'

const world = simWorld({ toxics: await catalog.toxics() })
const invariants = await catalog.invariants()
const effects = await catalog.effects()
const defaultOf = async <Thing>(path: string): Promise<Thing> =>
  (await import(new URL(path, import.meta.url).href)).default

const WRONG_ANSWERS = [
  'bad-gateway',
  'captive-portal',
  'cut-answer',
  'empty-answer',
  'late-answer',
  'overloaded',
  'rate-limited',
  'signed-out',
] as const
type WrongAnswer = (typeof WRONG_ANSWERS)[number]

async function run(scenario: string, client: string) {
  return runScenario({
    world,
    scenario: await defaultOf<Scenario>(`${scenario}.ts`),
    client: await defaultOf<ClientDefinition>(`../clients/${client}/index.ts`),
    server: dedup,
    seed: 1,
    invariants,
    effects,
  })
}

/** The stories that each client fails. It passes the others, and the control. */
const FAILS: Readonly<Record<string, readonly WrongAnswer[]>> = {
  'flawed/any-200': ['captive-portal', 'cut-answer', 'empty-answer'],
  'flawed/any-status': [
    'bad-gateway',
    'captive-portal',
    'empty-answer',
    'overloaded',
    'rate-limited',
    'signed-out',
  ],
  'flawed/empty-ack': ['empty-answer'],
  'flawed/final-429': ['rate-limited'],
  'flawed/half-list': ['cut-answer'],
  'flawed/late-is-failed': ['late-answer'],
  'flawed/new-key-on-5xx': ['bad-gateway', 'overloaded'],
  'flawed/no-patience': ['overloaded', 'rate-limited'],
  'flawed/wipes-on-401': ['signed-out'],
  plain: [],
  reference: [],
  'interview/worker': [],
}

describe.each(Object.entries(FAILS))('%s', (client, fails) => {
  it('passes the control', async () => {
    expect((await run('answers-control', client)).result.verdict).toBe('pass')
  })

  const verdicts = WRONG_ANSWERS.map(
    (name) => [name, fails.includes(name) ? 'fail' : 'pass'] as const,
  )
  it.each(verdicts)('%s: %s', async (name, verdict) => {
    expect((await run(name, client)).result.verdict).toBe(verdict)
  })
})

describe('the answers that ana gets', () => {
  /** Returns the statuses of the responses to her second message, or why there was none. */
  async function answers(scenario: string) {
    const { history } = await run(scenario, 'plain')
    const trips = history.operation('ana-2')?.requests ?? []
    return trips.map(({ response }) => `${response?.status ?? response?.outcome}`)
  }

  it.each([
    ['overloaded', '503'],
    ['rate-limited', '429'],
    ['bad-gateway', '502'],
    ['signed-out', '401'],
    ['captive-portal', '200'],
    ['empty-answer', '200'],
    ['late-answer', 'timeout'],
  ])('%s: %s, and 201 in the end', async (scenario, wrong) => {
    const all = await answers(scenario)
    expect(all.at(-1)).toBe('201')
    expect(new Set(all.slice(0, -1))).toEqual(new Set([wrong]))
  })

  it('cut-answer: the status of the server itself, with half of its body', async () => {
    const { history } = await run('cut-answer', 'plain')
    const [first, ...more] = history.operation('ana-3')?.requests ?? []
    expect(first?.response).toMatchObject({ status: 201, body: expect.not.stringMatching(/}$/) })
    expect(more.at(-1)?.response?.status).toBe(201)
  })

  it('signed-out: ends for an app that renews its session', async () => {
    const { history } = await run('signed-out', 'reference')
    const renewals = history.requests.filter(({ request }) => request.path === '/session')
    expect(renewals.map(({ response }) => response?.status)).toContain(200)
    const over = history.of('fault').find(({ on }) => !on)
    expect(history.operation('ana-2')?.commits[0]?.seq).toBeLessThan(over?.seq ?? 0)
  })
})
