import fc from 'fast-check'
import { expect, it } from 'vitest'
import { create, remove, TestServer, update } from './testing/test-server.ts'
import dedup from './variants/dedup.ts'

/**
 * Generates writes of several users who had all seen the same version. Their stamps are later than
 * that version's, and each write arrives twice, in any order.
 */
const concurrent = fc
  .uniqueArray(
    fc.record({
      node: fc.constantFrom('ana', 'ben', 'carl', 'dora', 'emil', 'fay'),
      offset: fc.integer({ min: 1, max: 3 }),
    }),
    {
      minLength: 2,
      maxLength: 6,
      selector: ({ node }) => node,
    },
  )
  .chain((writers) =>
    fc.record({
      writers: fc.constant(writers),
      deleter: fc.option(fc.nat({ max: writers.length - 1 }), { nil: undefined, freq: 1 }),
      arrivals: fc.tuple(
        ...[0, 1].map(() =>
          fc.shuffledSubarray([...writers.keys(), ...writers.keys()], {
            minLength: 2 * writers.length,
          }),
        ),
      ),
    }),
  )

it('has one result for concurrent writes in any order, and keeps the losing ones', async () => {
  await fc.assert(
    fc.asyncProperty(concurrent, async ({ writers, deleter, arrivals }) => {
      const ends = []
      for (const order of arrivals) {
        const server = new TestServer(dedup)
        await server.push([create({ stamp: server.stamp('ana') })])
        const items = writers.map(({ node, offset }, i) => {
          const draft = { key: `by-${node}`, base: 1, stamp: server.stamp(node, offset) }
          return i === deleter ? remove(draft) : update(draft, `by ${node}`)
        })
        for (const i of order) await server.push(items.slice(i, i + 1), writers[i]?.node)
        const { rows, conflicts = [] } = server.dump
        const lost = new Set(conflicts.map(({ key }) => key))
        ends.push({ deleted: rows[0]?.deleted, content: rows[0]?.content, lost: [...lost].sort() })
        const winner =
          deleter === undefined ? rows[0]?.content?.text : `by ${writers[deleter]?.node}`
        expect(lost.has(`by-${String(winner).slice(3)}`)).toBe(false)
        for (const { key, content } of conflicts)
          expect(content).toEqual({ text: String(key).replace('-', ' ') })
      }
      expect(ends[1]).toEqual(ends[0])
      expect(ends[0]?.lost).toHaveLength(writers.length - 1)
      if (deleter !== undefined) expect(ends[0]?.deleted).toBe(true)
    }),
    { numRuns: 100 },
  )
})

it('applies a write over the version that its writer saw, regardless of clocks', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: -1e9, max: 1e12 }), { minLength: 1, maxLength: 8 }),
      async (offsets) => {
        const server = new TestServer(dedup)
        await server.push([create({ stamp: server.stamp('ana') })])
        for (const [i, offset] of offsets.entries()) {
          expect(
            (
              await server.pushOne(
                update({ base: i + 1, stamp: server.stamp('ben', offset) }, `edit ${i}`),
              )
            ).outcome,
          ).toBe('applied')
        }
        const stamps = server.of('serverCommit').map(({ stamp }) => stamp ?? '')
        expect(stamps).toEqual([...new Set(stamps)].sort())
      },
    ),
    { numRuns: 100 },
  )
})

it('records the winner or the loser of each conflict', async () => {
  const server = new TestServer(dedup)
  await server.push([create({ key: 'k1', stamp: server.stamp('ana') })])
  await server.push([update({ key: 'k2', base: 1, stamp: server.stamp('ana', 10) }, 'middle')])
  await server.push([update({ key: 'k3', base: 1, stamp: server.stamp('ben', 20) }, 'late')], 'ben')
  await server.push(
    [update({ key: 'k4', base: 1, stamp: server.stamp('carl', 5) }, 'early')],
    'carl',
  )
  expect(
    server.of('serverOutcome').map(({ key, outcome, base, head, winner, loser }) => ({
      key,
      outcome,
      base,
      head,
      winner,
      loser,
    })),
  ).toEqual([
    { key: 'k1', outcome: 'applied', base: 0, head: 0 },
    { key: 'k2', outcome: 'applied', base: 1, head: 1 },
    { key: 'k3', outcome: 'applied', base: 1, head: 2, loser: 'k2' },
    { key: 'k4', outcome: 'conflict', base: 1, head: 3, winner: 'k3' },
  ])
  expect(server.dump.conflicts).toMatchObject([
    { key: 'k2', content: { text: 'middle' }, rule: 'last-write-wins: the later stamp stands' },
    { key: 'k4', content: { text: 'early' }, rule: 'last-write-wins: an earlier stamp loses' },
  ])
})
