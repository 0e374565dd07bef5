import { expect, it } from 'vitest'
import { DEFAULT_TRAITS, syncServer } from '../server.ts'
import { create, TestServer } from '../testing/test-server.ts'
import dedup from '../variants/dedup.ts'

const DAY_MS = 86_400_000

it.each([
  ['returns the first result for a day', DAY_MS - 1, 'duplicate'],
  ['treats a retry after a day as a new write', DAY_MS, 'conflict'],
])('a server that keeps keys for a day %s', async (_, ms, outcome) => {
  const server = new TestServer({
    ...dedup,
    create: (ports, setup) =>
      syncServer(ports, setup, { ...DEFAULT_TRAITS, keyRetentionMs: DAY_MS }),
  })
  const item = create({ key: 'k1', stamp: server.stamp('ana') })
  await server.push([item])
  await server.clock.until(ms)
  expect((await server.pushOne(item)).outcome).toBe(outcome)
})
