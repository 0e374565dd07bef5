import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, it } from 'vitest'
import type { Invariant } from '../../core/invariant.ts'
import { runScenario } from '../../run/run.ts'
import { simWorld } from '../../worlds/sim/index.ts'
import { catalog } from '../catalog/catalog.ts'
import { pickClient } from '../catalog/pick-client.ts'
import { pickScenarios } from '../catalog/pick-scenarios.ts'
import { pickServer } from '../catalog/pick-server.ts'
import type { Job } from '../execute/plan.ts'
import type { PlayedRun, Player } from '../execute/player.ts'
import { clientFile } from '../testing/client-file.ts'
import { simPlayer } from './player.ts'

const folder = mkdtempSync(join(tmpdir(), 'tunnelproof-sim-'))
afterAll(() => rmSync(folder, { recursive: true }))
let player: Player | undefined
afterEach(async () => {
  await player?.close()
  player = undefined
})

/** Finds freezes, whatever the invariants of the repository say of them. */
const noFreeze: Invariant = {
  id: 'FREEZES',
  promise: 'The code under test comes back.',
  needs: () => undefined,
  check: (history) => ({
    judged: 1,
    findings: history.of('freeze').map(({ node, doing, since, sign, opId = '', seq }) => ({
      message: `${node} froze in ${doing} at ${since} ms: ${sign}`,
      opIds: [opId],
      evidence: [seq],
    })),
  }),
}

async function job(client: string, scenario = 'tunnel'): Promise<Job> {
  const [picked] = await pickScenarios([scenario], folder)
  if (!picked) throw new Error(`no scenario ${scenario}`)
  const [{ definition: played }, { definition: server }] = [
    await pickClient(client, folder),
    await pickServer('dedup', folder),
  ]
  return { scenario: picked, world: 'sim', client: played, server, seed: 1 }
}

const client = (name: string, code: string) => clientFile(folder, name, code)

function open(timeoutMs: number): Player {
  player = simPlayer({ threads: 1, timeoutMs, invariants: [noFreeze], frozenAfterMs: 1000 })
  return player
}

const files = { history: 'h.jsonl', replay: 'replay' }
const play = (on: Player, each: Job): Promise<PlayedRun> =>
  on.play(each, { files, onPhase: () => {}, newLog: () => () => {} })

it('a thread of the sim plays the same history as this thread, to the byte', async () => {
  const each = await job('reference', 'flaky')
  const world = simWorld({ toxics: await catalog.toxics() })
  const effects = await catalog.effects()
  const here = await runScenario({ ...each, world, effects, invariants: [] })
  const there = await play(open(60_000), each)
  expect(there.history.toJsonl()).toBe(here.history.toJsonl())
  expect(there.result).toMatchObject({ verdict: 'pass', hash: here.result.hash, ...files })
})

it.each([
  ['an endless loop', 'for (;;) {}'],
  ['endless microtasks', 'const more = (): unknown => Promise.resolve().then(more); more()'],
])('%s of a client ends as a freeze, and the next scenario is played', async (_, code) => {
  const sim = open(60_000)
  const { result, history } = await play(sim, await job(client('spins', code)))
  expect(result.verdict).toBe('fail')
  expect(history.of('freeze')).toMatchObject([
    { node: 'ana', incarnation: 1, since: 35_000, t: 35_000, opId: 'ana-2' },
  ])
  expect(history.all.at(-1)?.type).toBe('freeze')
  expect(result).toMatchObject({ hash: history.hash(), events: history.all.length })
  const next = await play(sim, await job('reference'))
  expect(next.result.verdict).toBe('pass')
})

it('a run whose event loop turns is no freeze: at its limit it is unknown', async () => {
  const wait = 'void new Promise((done) => setTimeout(done, 1e6))'
  const poll = 'const again = () => void clock.after(0.0001, again); again()'
  const { result, history } = await play(open(1500), await job(client('busy', `${wait};${poll}`)))
  expect(result).toMatchObject({ verdict: 'unknown', why: 'it did not end within 1.5 s' })
  expect(history.of('freeze')).toEqual([])
})

it('a client that ends its thread is unknown with the reason', async () => {
  const { result } = await play(open(60_000), await job(client('exits', 'process.exit(3)')))
  expect(result).toMatchObject({
    verdict: 'unknown',
    why: 'its thread exited with code 3; did it call process.exit()?',
  })
})
