import { describe, expect, it } from 'vitest'
import { tinyHistory } from '../../testing/history-builder.ts'
import { invariantsByFile } from './all.ts'
import { invariantContract } from './invariant.contract.ts'

const invariants = await invariantsByFile()

for (const { file, invariant } of invariants) invariantContract(invariant, file)

describe('all invariants together', () => {
  it('no invariant finds a breach in a correct run with a conflict, a deletion and a kill', () => {
    const day = tinyHistory({ policy: 'server-wins' })
      .create('ana-1', 'm1', 'Hi')
      .accept('ana-1', { base: 0 })
      .view('ana', ['ana-1 pending'])
      .crash('ana')
      .start('ana')
      .view('ana', ['ana-1 pending'])
      .deliver('ana-1')
      .view('ana', ['ana-1 sent'])
      .cursor('ben', 1, ['m1@1'])
      .view('ben', ['ana-1 sent'])
      .delete('ben-1', 'm1')
      .accept('ben-1', { base: 1 })
      .view('ben', [], { outbox: ['ben-1'] })
      .request('ben', 'lost', ['ben-1'])
      .commit('ben-1', { base: 1 })
      .outcome('ben-1', 'applied', { requestId: 'lost', base: 1, head: 1 })
      .response('ben', 'lost', 'timeout')
      .update('ana-2', 'm1', 'Hi!')
      .accept('ana-2', { base: 1 })
      .view('ana', ['ana-2 pending'])
      .request('ana', 'late', ['ana-2'])
      .outcome('ana-2', 'conflict', { requestId: 'late', base: 1, head: 2, winner: 'k-ben-1' })
      .response('ana', 'late')
      .ack('ana-2', 'conflict')
      .view('ana', [], { conflicts: ['ana-2'] })
      .request('ben', 'again', ['ben-1'])
      .outcome('ben-1', 'duplicate', { requestId: 'again', base: 1, head: 2 })
      .response('ben', 'again')
      .ack('ben-1', 'duplicate')
      .cursor('ana', 2, ['-m1@2'])
      .heal()
      .view('ana', [], { conflicts: ['ana-2'] })
      .view('ben')
      .state()
    for (const { file, invariant } of invariants) {
      const { findings, undecided } = day.check(invariant)
      expect(findings, file).toEqual([])
      expect(undecided, file).toBeUndefined()
    }
  })
})
