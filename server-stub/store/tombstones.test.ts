import { describe, expect, it } from 'vitest'
import type { PromptServer, ServerDefinition } from '../../harness/core/server.ts'
import { DEFAULT_TRAITS, syncServer } from '../server.ts'
import { create, Replica, remove, TestServer, update } from '../testing/test-server.ts'

const RETENTION_MS = 1000
const forgetful: ServerDefinition<PromptServer> = {
  name: 'forgetful',
  title: 'keeps tombstones for a second',
  create: (ports, setup) =>
    syncServer(ports, setup, { ...DEFAULT_TRAITS, tombstoneRetentionMs: RETENTION_MS }),
}

/** A server with the records a, c and d, and the purged tombstone of b. */
async function purged() {
  const server = new TestServer(forgetful)
  const stamp = server.stamp('ana')
  const late = new Replica()
  await server.push(['a', 'b', 'c'].map((record) => create({ stamp, record })))
  await late.page(server, 10)
  await server.push([remove({ stamp, record: 'b', base: 1 }), create({ stamp, record: 'd' })])
  await server.clock.advance(RETENTION_MS - 1)
  server.restart()
  expect(server.dump.rows).toHaveLength(4)
  await server.clock.advance(1)
  server.restart()
  expect(server.dump.rows.map(({ record }) => record)).toEqual(['a', 'c', 'd'])
  return { server, late }
}

it('keeps a tombstone for its retention, then requires a resync of older cursors', async () => {
  const { server, late } = await purged()
  const { epoch } = server.dump
  expect((await server.send('GET', `/changes?epoch=${epoch}&after=${late.cursor}`)).status).toBe(
    410,
  )
  // A cursor at or beyond the purged deletion has missed nothing.
  expect((await server.changes(`epoch=${epoch}&after=4`)).changes).toMatchObject([{ record: 'd' }])
})

it('continues a resync below the purge horizon, page by page', async () => {
  const { server } = await purged()
  const { epoch } = server.dump
  const first = await server.changes('after=0&limit=1')
  expect(first).toMatchObject({ changes: [{ record: 'a' }], next: 1, more: true })
  const second = await server.changes(`epoch=${epoch}&after=1&limit=1&full=1`)
  expect(second).toMatchObject({ changes: [{ record: 'c' }], next: 3, more: true })
  expect(await server.changes(`epoch=${epoch}&after=3&limit=1&full=1`)).toMatchObject({
    changes: [{ record: 'd' }],
    next: 5,
    more: false,
  })
})

it('continues the commit sequence after the newest commit, a deletion, was purged', async () => {
  const server = new TestServer(forgetful)
  const stamp = server.stamp('ana')
  await server.push([create({ stamp }), remove({ stamp, base: 1 })])
  await server.clock.advance(RETENTION_MS)
  server.restart()
  expect(server.dump.rows).toEqual([])
  expect((await server.pushOne(create({ stamp, record: 'n2' }))).current?.seq).toBe(3)
})

it('purges expired tombstones at each deletion, not only at the start', async () => {
  const server = new TestServer(forgetful)
  const stamp = server.stamp('ana')
  await server.push(['a', 'b'].map((record) => create({ stamp, record })))
  await server.push([remove({ stamp, record: 'a', base: 1 })])
  await server.clock.advance(RETENTION_MS)
  await server.push([remove({ stamp, record: 'b', base: 1 })])
  expect(server.dump.rows.map(({ record }) => record)).toEqual(['b'])
})

describe('a record that is created again after its tombstone was purged', () => {
  /** The last version of n1 was 3, a deletion. */
  async function purgedTwiceEdited() {
    const server = new TestServer(forgetful)
    const stamp = server.stamp('ana')
    await server.push([create({ stamp }), update({ stamp, base: 1 }), remove({ stamp, base: 2 })])
    await server.clock.advance(RETENTION_MS)
    server.restart()
    return { server, stamp }
  }

  it('does not repeat a version of its first life, whichever record was purged', async () => {
    const { server, stamp } = await purgedTwiceEdited()
    const results = await server.push([create({ stamp }), create({ stamp, record: 'n2' })])
    expect(results.map(({ outcome, current }) => [outcome, current?.version])).toEqual([
      ['applied', 4],
      ['applied', 4],
    ])
    server.restart()
    expect((await server.pushOne(update({ stamp, base: 4 }))).current?.version).toBe(5)
    expect(server.of('serverCommit').map(({ version, head }) => [version, head])).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 0],
      [4, 0],
      [5, 4],
    ])
  })

  it('may be made on the purged version, but not on one that never was', async () => {
    const { server, stamp } = await purgedTwiceEdited()
    const results = await server.push([
      create({ stamp, record: 'n2', base: 4 }),
      create({ stamp, base: 3 }),
    ])
    expect(results.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['rejected', 'base is a version the server never had'],
      ['applied', undefined],
    ])
    expect(server.of('serverCommit').at(-1)).toMatchObject({ version: 4, base: 3, head: 3 })
  })
})
