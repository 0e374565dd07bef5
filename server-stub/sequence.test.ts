import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { PushItem } from './protocol/item.ts'
import { Bench, create, Death, Replica, remove, update } from './testing/bench.ts'
import dedup from './variants/dedup.ts'

/** One write of a run: to which of a few records, what kind, and on how old a version. */
const move = fc.record({
  record: fc.nat({ max: 5 }),
  kind: fc.constantFrom('create', 'update', 'delete'),
  age: fc.nat({ max: 2 }),
  late: fc.nat(50),
})
type Move = { record: number; kind: string; age: number; late: number }

function itemOf(bench: Bench, { record: number, kind, age, late }: Move): PushItem {
  const record = `n${number}`
  const head = bench.dump.rows.find((row) => row.record === record)?.version ?? 0
  const draft = { record, base: Math.max(0, head - age), stamp: bench.stamp('ana', -late) }
  return kind === 'create' ? create(draft) : kind === 'update' ? update(draft) : remove(draft)
}

it('numbers commits 1, 2, 3 … whatever is refused, repeated, or dies half-way', async () => {
  const crash = fc.constantFrom(
    undefined,
    undefined,
    'before-commit' as const,
    'after-commit' as const,
  )
  const run = fc.array(fc.record({ move, crash, mute: fc.boolean(), repeat: fc.boolean() }), {
    minLength: 1,
    maxLength: 30,
  })
  await fc.assert(
    fc.asyncProperty(run, async (steps) => {
      const bench = new Bench(dedup)
      for (const { move, crash, mute, repeat } of steps) {
        const item = itemOf(bench, move)
        bench.crashAt = crash
        bench.mute = mute && crash === 'after-commit'
        const died = await bench.push([item]).then(
          () => false,
          (error) => {
            if (error instanceof Death) return true
            throw error
          },
        )
        bench.crashAt = undefined
        if (died) bench.restart()
        bench.mute = false
        if (died || repeat) await bench.push([item])
      }
      const commits = bench.of('serverCommit')
      expect(commits.map(({ position }) => position)).toEqual(commits.map((_, i) => i + 1))
      expect(bench.dump.position).toBe(commits.length)
      expect(new Set(commits.map(({ key }) => key)).size).toBe(commits.length)
      for (const { record } of bench.dump.rows) {
        const versions = commits
          .filter((commit) => commit.record === record)
          .map(({ version }) => version)
        expect(versions).toEqual(versions.map((_, i) => i + 1))
      }
    }),
    { numRuns: 150 },
  )
})

it('skips nothing in its pages while others write between them', async () => {
  const run = fc.record({
    before: fc.array(move, { maxLength: 15 }),
    between: fc.array(fc.array(move, { maxLength: 4 }), { maxLength: 8 }),
    limit: fc.integer({ min: 1, max: 4 }),
  })
  await fc.assert(
    fc.asyncProperty(run, async ({ before, between, limit }) => {
      const bench = new Bench(dedup)
      const replica = new Replica()
      for (const each of before) await bench.push([itemOf(bench, each)])
      for (const writes of between) {
        await replica.page(bench, limit)
        for (const each of writes) await bench.push([itemOf(bench, each)])
      }
      while (await replica.page(bench, limit));
      const held = [...replica.records.values()].map(({ record, version, content }) => ({
        record,
        version,
        content,
      }))
      const live = bench.dump.rows.filter(({ deleted }) => !deleted)
      const byRecord = (a: { record: string }, b: { record: string }) =>
        a.record < b.record ? -1 : 1
      expect(held.sort(byRecord)).toEqual(
        live.map(({ record, version, content }) => ({ record, version, content })),
      )
      expect(replica.cursor).toBe(bench.dump.position)
    }),
    { numRuns: 150 },
  )
})
