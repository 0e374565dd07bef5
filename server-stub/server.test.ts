import { expect, it } from 'vitest'
import { Problem } from '../harness/core/problem.ts'
import { syncServerContract } from './server.contract.ts'
import { TestServer } from './testing/test-server.ts'
import dedup from './variants/dedup.ts'
import naive from './variants/naive.ts'

syncServerContract(dedup, { remembersKeys: true })
syncServerContract(naive, { remembersKeys: false })

it('throws a Problem that lists the known policies for an unknown one', () => {
  expect(() => new TestServer(dedup, 'coin-toss')).toThrow(Problem)
  expect(() => new TestServer(dedup, 'coin-toss')).toThrow(
    "unknown conflict policy 'coin-toss'; known ones: last-write-wins, server-wins",
  )
})
