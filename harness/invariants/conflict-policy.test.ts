import { describe, expect, it } from 'vitest'
import { EPOCH_WALL } from '../core/time.ts'
import { MINIMAL } from '../testing/capabilities.ts'
import { tinyHistory } from '../testing/history-builder.ts'
import conflictPolicy from './conflict-policy.ts'

const stamp = (ms: number, node = 'x') =>
  `${String(EPOCH_WALL + ms).padStart(15, '0')}:00000:${node}`
const clashUnder = (policy: string) =>
  tinyHistory({ policy })
    .create('ana-1', 'n1', 'old')
    .commit('ana-1', { base: 0, stamp: stamp(0) })
    .update('ben-1', 'n1', 'ben')
    .commit('ben-1', { base: 1, stamp: stamp(300) })
    .as('ben')
    .update('ana-2', 'n1', 'ana')
const lost = { base: 1, head: 2, winner: 'k-ben-1' }

describe('CONFLICT-POLICY', () => {
  it('judges nothing without a clash', () => {
    expect(tinyHistory().check(conflictPolicy)).toEqual({ judged: 0, findings: [] })
    expect(clashUnder('server-wins').check(conflictPolicy)).toEqual({ judged: 0, findings: [] })
    expect(conflictPolicy.needs(MINIMAL)).toBeDefined()
  })

  it('is undecided for an unknown policy', () => {
    expect(
      clashUnder('toss-a-coin').outcome('ana-2', 'conflict', lost).check(conflictPolicy),
    ).toMatchObject({
      judged: 1,
      findings: [],
      undecided: expect.stringContaining('toss-a-coin'),
    })
  })

  describe('server-wins', () => {
    it('server-wins: passes if the later arrival loses', () => {
      expect(
        clashUnder('server-wins').outcome('ana-2', 'conflict', lost).check(conflictPolicy),
      ).toEqual({ judged: 1, findings: [] })
    })

    it('server-wins: reports a later arrival that won, found in the log after a crash', () => {
      const history = clashUnder('server-wins')
        .commit('ana-2', { base: 1, recovered: true })
        .as('ana')
      expect(history.findings(conflictPolicy)).toEqual([
        {
          message:
            "ana's edit of note n1 'ana' (ana-2) clashed with ben's edit of note n1 'ben' (ben-1) and stood; under server-wins it had to lose",
          opIds: ['ana-2', 'ben-1'],
          evidence: [history.seq('ben'), history.seq('ana')],
        },
      ])
    })
  })

  describe('last-write-wins', () => {
    const clash = () => clashUnder('last-write-wins')
    const won = (ms: number) =>
      clash().outcome('ana-2', 'applied', { base: 1, head: 2, stamp: stamp(ms), loser: 'k-ben-1' })

    it('last-write-wins: passes if the later stamp wins', () => {
      expect(
        won(400)
          .commit('ana-2', { base: 1, stamp: stamp(400) })
          .check(conflictPolicy),
      ).toEqual({ judged: 1, findings: [] })
      expect(
        clash()
          .outcome('ana-2', 'conflict', { ...lost, stamp: stamp(200) })
          .check(conflictPolicy),
      ).toEqual({ judged: 1, findings: [] })
    })

    it('last-write-wins: reports an earlier stamp that won and a later stamp that lost', () => {
      expect(
        won(200)
          .commit('ana-2', { base: 1, stamp: stamp(300, 'y') })
          .findings(conflictPolicy)[0]?.message,
      ).toContain('had to lose')
      const unjust = clash().outcome('ana-2', 'conflict', { ...lost, stamp: stamp(400) })
      expect(unjust.findings(conflictPolicy)[0]?.message).toContain('had to stand')
    })

    describe('a clock that is ahead', () => {
      const yearMs = 365 * 86_400_000
      /** Ben's write has this stamp and stands; Ana's arrives `atMs`, and loses. */
      const headAhead = (headMs: number, atMs: number, sentMs: number, recovered?: true) =>
        tinyHistory()
          .create('ana-1', 'n1', 'old')
          .commit('ana-1', { base: 0, stamp: stamp(0) })
          .update('ben-1', 'n1', 'ben')
          .commit('ben-1', { base: 1, stamp: stamp(headMs), ...(recovered && { recovered }) })
          .at(atMs)
          .update('ana-2', 'n1', 'ana')
          .outcome('ana-2', 'conflict', { ...lost, stamp: stamp(sentMs) })
          .findings(conflictPolicy)

      it('clamps the stamp of the write', () => {
        const ahead = clash().outcome('ana-2', 'conflict', { ...lost, stamp: stamp(yearMs) })
        expect(ahead.findings(conflictPolicy)[0]?.message).toContain('had to stand')
        const near = clash().outcome('ana-2', 'conflict', { ...lost, stamp: stamp(60_500) })
        expect(near.findings(conflictPolicy)[0]?.message).toContain('had to stand')
      })

      it('clamps the stamp of the current version, by the time at which it was received', () => {
        expect(headAhead(yearMs, 75_000, 75_000)[0]?.message).toContain('had to stand')
        expect(headAhead(yearMs, 30_000, 30_000)).toEqual([])
      })

      it('does not judge two stamps of which either may be later', () => {
        expect(headAhead(yearMs, 61_000, 61_000)).toEqual([])
        const near = headAhead(55_000, 1000, 61_000)
        expect(near).toEqual([])
        expect(headAhead(yearMs, 75_000, 61_000, true)).toEqual([])
      })
    })

    it('last-write-wins: expects a deletion to win against unknown edits, in any order', () => {
      const deletion = () => clash().delete('ana-3', 'n1')
      expect(
        deletion()
          .commit('ana-3', { base: 1, stamp: stamp(100) })
          .findings(conflictPolicy),
      ).toEqual([])
      expect(
        deletion()
          .outcome('ana-3', 'conflict', { ...lost, stamp: stamp(900) })
          .findings(conflictPolicy),
      ).toHaveLength(1)
      const late = () =>
        clash()
          .delete('ben-2', 'n1')
          .commit('ben-2', { base: 2, stamp: stamp(350) })
      expect(
        late()
          .commit('ana-2', { base: 1, stamp: stamp(900) })
          .findings(conflictPolicy),
      ).toHaveLength(1)
      expect(
        late()
          .outcome('ana-2', 'conflict', { base: 1, head: 3, stamp: stamp(900) })
          .findings(conflictPolicy),
      ).toEqual([])
    })

    it('last-write-wins: reports a conflict that names the wrong winner', () => {
      const history = clash().outcome('ana-2', 'conflict', {
        ...lost,
        winner: 'k-ana-9',
        stamp: stamp(200),
      })
      expect(history.findings(conflictPolicy)[0]?.message).toContain(
        'names another write (k-ana-9)',
      )
    })
  })

  describe('a second edit of the same device', () => {
    const policies = ['server-wins', 'last-write-wins']
    const twice = (policy: string, between = (history: ReturnType<typeof clashUnder>) => history) =>
      between(
        tinyHistory({ policy })
          .create('ben-1', 'n1', 'old')
          .commit('ben-1', { base: 0, stamp: stamp(0) })
          .update('ana-1', 'n1', 'first')
          .accept('ana-1', { base: 1 }),
      )
        .update('ana-2', 'n1', 'second')
        .accept('ana-2', { base: 1 })
        .commit('ana-1', { base: 1, stamp: stamp(900) })
        .as('first')

    it.each(policies)('never loses to its first under %s, whatever base and stamp', (policy) => {
      const history = twice(policy)
        .outcome('ana-2', 'conflict', {
          base: 1,
          head: 2,
          winner: 'k-ana-1',
          stamp: stamp(500),
        })
        .as('second')
      expect(history.findings(conflictPolicy)).toEqual([
        {
          message:
            "ana's edit of note n1 'second' (ana-2) lost to ana's edit of note n1 'first' (ana-1), on which it was made",
          opIds: ['ana-2', 'ana-1'],
          evidence: [history.seq('first'), history.seq('second')],
        },
      ])
    })

    it.each(policies)('may replace its first under %s', (policy) => {
      const stands = twice(policy).commit('ana-2', { base: 1, stamp: stamp(500) })
      expect(stands.findings(conflictPolicy)).toEqual([])
    })

    it('is not made on a first that was cancelled, or believed lost', () => {
      const lose = { base: 1, head: 2, winner: 'k-ana-1', stamp: stamp(500) }
      for (const between of [
        (history: ReturnType<typeof clashUnder>) => history.cancel('ana-9', 'ana-1'),
        (history: ReturnType<typeof clashUnder>) => history.ack('ana-1', 'conflict'),
        (history: ReturnType<typeof clashUnder>) => history.settled('ana-1', 'rejected'),
      ])
        expect(
          twice('server-wins', between).outcome('ana-2', 'conflict', lose).findings(conflictPolicy),
        ).toEqual([])
    })
  })

  it('reports a retry whose outcome changed', () => {
    const history = tinyHistory()
      .create('ana-1', 'm1', 'Hi')
      .commit('ana-1', { base: 0 })
      .outcome('ana-1', 'conflict', { base: 0, head: 1 })
    expect(history.findings(conflictPolicy)[0]?.message).toContain('a retry changed the outcome')
  })

  it('counts a repeated outcome once, and accepts the winner of the first decision', () => {
    const history = clashUnder('server-wins')
      .update('ben-2', 'n1', 'later')
      .commit('ben-2', { base: 2 })
    const again = { base: 1, head: 3, winner: 'k-ben-1' }
    expect(
      history
        .outcome('ana-2', 'conflict', again)
        .outcome('ana-2', 'conflict', again)
        .check(conflictPolicy),
    ).toEqual({
      judged: 1,
      findings: [],
    })
  })

  it('passes deleting a deleted record, and reports a conflict on the newest version', () => {
    const twice = () =>
      tinyHistory().create('ana-1', 'm1').commit('ana-1').delete('ana-2', 'm1').commit('ana-2')
    const again = twice().delete('ben-1', 'm1').outcome('ben-1', 'conflict', { base: 2, head: 2 })
    expect(again.findings(conflictPolicy)).toEqual([])
    const unjust = clashUnder('server-wins').outcome('ana-2', 'conflict', { base: 2, head: 2 })
    expect(unjust.findings(conflictPolicy)[0]?.message).toContain('newest version 2')
  })

  it('is undecided if the history lacks the version that was current', () => {
    const history = tinyHistory()
      .update('ana-1', 'n1')
      .outcome('ana-1', 'conflict', { base: 1, head: 5 })
    expect(history.check(conflictPolicy)).toMatchObject({
      findings: [],
      undecided: expect.stringContaining('version 5 of n1'),
    })
  })
})
