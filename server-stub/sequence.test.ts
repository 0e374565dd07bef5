import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { PushItem } from './protocol/item.ts'
import {
  create,
  Replica,
  remove,
  SimulatedCrash,
  TestServer,
  update,
} from './testing/test-server.ts'
import dedup from './variants/dedup.ts'

/** Generates a write: its record, its kind, and the age of the version that it was made on. */
const move = fc.record({
  record: fc.nat({ max: 5 }),
  kind: fc.constantFrom('create', 'update', 'delete'),
  age: fc.nat({ max: 2 }),
  late: fc.nat(50),
})
type Move = { record: number; kind: string; age: number; late: number }

function itemOf(server: TestServer, { record: number, kind, age, late }: Move): PushItem {
  const record = `n${number}`
  const head = server.dump.rows.find((row) => row.record === record)?.version ?? 0
  const draft = { record, base: Math.max(0, head - age), stamp: server.stamp('ana', -late) }
  return kind === 'create' ? create(draft) : kind === 'update' ? update(draft) : remove(draft)
}

it('numbers commits 1, 2, 3 … despite rejections, repetitions and crashes', async () => {
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
      const server = new TestServer(dedup)
      for (const { move, crash, mute, repeat } of steps) {
        const item = itemOf(server, move)
        server.crashAt = crash
        server.mute = mute && crash === 'after-commit'
        const died = await server.push([item]).then(
          () => false,
          (error) => {
            if (error instanceof SimulatedCrash) return true
            throw error
          },
        )
        server.crashAt = undefined
        if (died) server.restart()
        server.mute = false
        if (died || repeat) await server.push([item])
      }
      const commits = server.of('serverCommit')
      expect(commits.map(({ position }) => position)).toEqual(commits.map((_, i) => i + 1))
      expect(server.dump.position).toBe(commits.length)
      expect(new Set(commits.map(({ key }) => key)).size).toBe(commits.length)
      for (const { record } of server.dump.rows) {
        const versions = commits
          .filter((commit) => commit.record === record)
          .map(({ version }) => version)
        expect(versions).toEqual(versions.map((_, i) => i + 1))
      }
    }),
    { numRuns: 150 },
  )
})

it('skips no record in its pages while others write between them', async () => {
  const run = fc.record({
    before: fc.array(move, { maxLength: 15 }),
    between: fc.array(fc.array(move, { maxLength: 4 }), { maxLength: 8 }),
    limit: fc.integer({ min: 1, max: 4 }),
  })
  await fc.assert(
    fc.asyncProperty(run, async ({ before, between, limit }) => {
      const server = new TestServer(dedup)
      const replica = new Replica()
      for (const each of before) await server.push([itemOf(server, each)])
      for (const writes of between) {
        await replica.page(server, limit)
        for (const each of writes) await server.push([itemOf(server, each)])
      }
      while (await replica.page(server, limit));
      const held = [...replica.records.values()].map(({ record, version, content }) => ({
        record,
        version,
        content,
      }))
      const live = server.dump.rows.filter(({ deleted }) => !deleted)
      const byRecord = (a: { record: string }, b: { record: string }) =>
        a.record < b.record ? -1 : 1
      expect(held.sort(byRecord)).toEqual(
        live.map(({ record, version, content }) => ({ record, version, content })),
      )
      expect(replica.cursor).toBe(server.dump.position)
    }),
    { numRuns: 150 },
  )
})
