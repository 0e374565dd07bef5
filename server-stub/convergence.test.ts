import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Bench, create, remove, update } from './testing/bench.ts'
import dedup from './variants/dedup.ts'

/** Writes made by several people who had all seen the same version, stamped later than it, with retries mixed in. */
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

it('ends concurrent writes the same in whichever order they arrive, and keeps what lost', async () => {
  await fc.assert(
    fc.asyncProperty(concurrent, async ({ writers, deleter, arrivals }) => {
      const ends = []
      for (const order of arrivals) {
        const bench = new Bench(dedup)
        await bench.push([create({ stamp: bench.stamp('ana') })])
        const items = writers.map(({ node, offset }, i) => {
          const draft = { key: `by-${node}`, base: 1, stamp: bench.stamp(node, offset) }
          return i === deleter ? remove(draft) : update(draft, `by ${node}`)
        })
        for (const i of order) await bench.push(items.slice(i, i + 1), writers[i]?.node)
        const { rows, conflicts = [] } = bench.dump
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

it('lets a write that saw another one stand over it, whatever the clocks say', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: -1e9, max: 1e12 }), { minLength: 1, maxLength: 8 }),
      async (offsets) => {
        const bench = new Bench(dedup)
        await bench.push([create({ stamp: bench.stamp('ana') })])
        for (const [i, offset] of offsets.entries()) {
          expect(
            (
              await bench.pushOne(
                update({ base: i + 1, stamp: bench.stamp('ben', offset) }, `edit ${i}`),
              )
            ).outcome,
          ).toBe('applied')
        }
        const stamps = bench.of('serverCommit').map(({ stamp }) => stamp ?? '')
        expect(stamps).toEqual([...new Set(stamps)].sort())
      },
    ),
    { numRuns: 100 },
  )
})

it('records who lost to whom', async () => {
  const bench = new Bench(dedup)
  await bench.push([create({ key: 'k1', stamp: bench.stamp('ana') })])
  await bench.push([update({ key: 'k2', base: 1, stamp: bench.stamp('ana', 10) }, 'middle')])
  await bench.push([update({ key: 'k3', base: 1, stamp: bench.stamp('ben', 20) }, 'late')], 'ben')
  await bench.push([update({ key: 'k4', base: 1, stamp: bench.stamp('carl', 5) }, 'early')], 'carl')
  expect(
    bench.of('serverOutcome').map(({ key, outcome, base, head, winner, loser }) => ({
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
  expect(bench.dump.conflicts).toMatchObject([
    { key: 'k2', content: { text: 'middle' }, rule: 'last-write-wins: the later stamp stands' },
    { key: 'k4', content: { text: 'early' }, rule: 'last-write-wins: an earlier stamp loses' },
  ])
})
