import { expect, it } from 'vitest'
import type { ServerDefinition } from '../../harness/core/server.ts'
import { syncServer, TRAITS } from '../server.ts'
import { Bench, create, Replica, remove } from '../testing/bench.ts'

const RETENTION = 1000
const forgetful: ServerDefinition = {
  name: 'forgetful',
  title: 'keeps tombstones for a second',
  create: (ports, setup) => syncServer(ports, setup, { ...TRAITS, retention: RETENTION }),
}

/** Records a, b, c, d of which b is deleted and its tombstone purged. */
async function purged() {
  const bench = new Bench(forgetful)
  const stamp = bench.stamp('ana')
  const late = new Replica()
  await bench.push(['a', 'b', 'c'].map((record) => create({ stamp, record })))
  await late.page(bench, 10)
  await bench.push([remove({ stamp, record: 'b', base: 1 }), create({ stamp, record: 'd' })])
  await bench.clock.advance(RETENTION - 1)
  bench.restart()
  expect(bench.dump.rows).toHaveLength(4)
  await bench.clock.advance(1)
  bench.restart()
  expect(bench.dump.rows.map(({ record }) => record)).toEqual(['a', 'c', 'd'])
  return { bench, late }
}

it('keeps a tombstone for its retention, then sends older cursors to a resync', async () => {
  const { bench, late } = await purged()
  const { epoch } = bench.dump
  expect((await bench.send('GET', `/changes?epoch=${epoch}&after=${late.cursor}`)).status).toBe(410)
  // A cursor at the purged deletion or beyond has missed nothing.
  expect((await bench.changes(`epoch=${epoch}&after=4`)).changes).toMatchObject([{ record: 'd' }])
})

it('lets a resync go on over the horizon, page by page', async () => {
  const { bench } = await purged()
  const { epoch } = bench.dump
  const first = await bench.changes('after=0&limit=1')
  expect(first).toMatchObject({ changes: [{ record: 'a' }], next: 1, more: true })
  const second = await bench.changes(`epoch=${epoch}&after=1&limit=1&full=1`)
  expect(second).toMatchObject({ changes: [{ record: 'c' }], next: 3, more: true })
  expect(await bench.changes(`epoch=${epoch}&after=3&limit=1&full=1`)).toMatchObject({
    changes: [{ record: 'd' }],
    next: 5,
    more: false,
  })
})

it('goes on counting from where it was when the newest commit was a deletion that is purged', async () => {
  const bench = new Bench(forgetful)
  const stamp = bench.stamp('ana')
  await bench.push([create({ stamp }), remove({ stamp, base: 1 })])
  await bench.clock.advance(RETENTION)
  bench.restart()
  expect(bench.dump.rows).toEqual([])
  expect((await bench.pushOne(create({ stamp, record: 'n2' }))).current?.seq).toBe(3)
})

it('purges while it runs, too: each deletion clears away the ones that are over', async () => {
  const bench = new Bench(forgetful)
  const stamp = bench.stamp('ana')
  await bench.push(['a', 'b'].map((record) => create({ stamp, record })))
  await bench.push([remove({ stamp, record: 'a', base: 1 })])
  await bench.clock.advance(RETENTION)
  await bench.push([remove({ stamp, record: 'b', base: 1 })])
  expect(bench.dump.rows.map(({ record }) => record)).toEqual(['b'])
})
