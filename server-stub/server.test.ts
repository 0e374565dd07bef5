import { expect, it } from 'vitest'
import { Problem } from '../harness/core/problem.ts'
import { syncServerContract } from './server.contract.ts'
import { Bench } from './testing/bench.ts'
import dedup from './variants/dedup.ts'
import naive from './variants/naive.ts'

syncServerContract(dedup, { remembersKeys: true })
syncServerContract(naive, { remembersKeys: false })

it('names the known policies to whoever asks for another', () => {
  expect(() => new Bench(dedup, 'coin-toss')).toThrow(Problem)
  expect(() => new Bench(dedup, 'coin-toss')).toThrow(
    "unknown conflict policy 'coin-toss'; known ones: last-write-wins, server-wins",
  )
})
