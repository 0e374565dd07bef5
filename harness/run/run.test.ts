import { describe, expect, it } from 'vitest'
import { at, scenario } from '../core/build.ts'
import type { Invariant } from '../core/invariant.ts'
import { fakeWorld } from '../testing/fake-stage.ts'
import tinyClient from '../testing/tiny-client.ts'
import tinyServer from '../testing/tiny-server.ts'
import { send } from '../workload/chat.ts'
import { writeNote } from '../workload/notes.ts'
import { reasonNotPlayable } from './playable.ts'
import { runScenario } from './run.ts'

const story = scenario({
  title: 'Run',
  story: 'A scenario is run.',
  devices: ['ana'],
  steps: [at('1s', send('ana', 'hi'))],
  exercised: {},
  timeScale: 40,
})
const setting = { scenario: story, client: tinyClient, server: tinyServer, seed: 1 }
const invariant = (held: boolean): Invariant => ({
  id: 'ANY',
  promise: 'something holds',
  needs: () => undefined,
  check: () => ({
    judged: 1,
    findings: held ? [] : [{ message: 'it broke', opIds: [], evidence: [0] }],
  }),
})

const run = async (strains: number[], held: boolean) => {
  const log: string[] = []
  const { result } = await runScenario({
    ...setting,
    world: fakeWorld(log, strains),
    invariants: [invariant(held)],
    effects: new Map(),
  })
  return {
    result,
    opened: log.filter((line) => line.startsWith('open')),
    closed: log.filter((line) => line === 'close').length,
  }
}

describe('runScenario', () => {
  it('runScenario returns the setting, the verdict and the hash of the history', async () => {
    const { result } = await run([0], true)
    expect(result).toMatchObject({
      scenario: 'run',
      world: 'fake',
      client: 'tiny',
      verdict: 'pass',
      timeScale: 40,
    })
    expect(result.hash).toMatch(/^[0-9a-f]{64}$/)
  })

  it('runScenario plays a failed run again, slower, if the machine fell behind', async () => {
    const { result, opened, closed } = await run([9000, 100], false)
    expect(opened).toEqual(['open at 40', 'open at 20'])
    expect(closed).toBe(2)
    expect(result.verdict).toBe('fail')
  })

  it('runScenario returns unknown if the machine is too slow at every speed', async () => {
    const { result, opened } = await run([9000], false)
    expect(opened).toEqual(['open at 40', 'open at 20', 'open at 10'])
    expect(result).toMatchObject({
      verdict: 'unknown',
      why: expect.stringContaining('try a smaller --time-scale'),
    })
  })

  it('runScenario returns a pass at any strain without playing again', async () => {
    const { result, opened } = await run([9000], true)
    expect(result.verdict).toBe('pass')
    expect(opened).toEqual(['open at 40'])
  })
})

describe('reasonNotPlayable', () => {
  it('reasonNotPlayable names the capability that the client lacks, if any', () => {
    const notes = scenario({
      ...{ title: 'Notes', story: 'Notes.', devices: ['ana'], exercised: {} },
      steps: [at('1s', writeNote('ana', 'plan', 'x'))],
    })
    expect(reasonNotPlayable(notes, tinyClient)).toBe('tiny keeps no notes')
    expect(reasonNotPlayable(story, tinyClient)).toBeUndefined()
  })
})
