import { describe, expect, it } from 'vitest'
import { type HistoryBuilder, tinyHistory } from '../../testing/history-builder.ts'
import conflictVisible from '../conflict-visible.ts'
import cursor from '../cursor.ts'
import exactlyOnce from '../exactly-once.ts'
import fidelity from '../fidelity.ts'
import fifo from '../fifo.ts'
import injective from '../injective.ts'
import monotone from '../monotone.ts'
import noFalseAck from '../no-false-ack.ts'
import noLoss from '../no-loss.ts'
import noResurrect from '../no-resurrect.ts'
import principal from '../principal.ts'
import statusTruth from '../status-truth.ts'
import { tookEffect } from './effects.ts'
import { areOfOneDump, coversOf } from './holdings.ts'

const holdings = () => tinyHistory({ tells: 'holdings' })
const derived = { derived: true } as const
/** A commit of which the dump shows neither the operation nor the key. */
const unmarked = { derived: true, opId: undefined, key: undefined } as unknown as typeof derived
const push = (
  history: HistoryBuilder,
  opIds: readonly string[],
  atServer: (history: HistoryBuilder) => void = () => {},
) => history.roundTrip(opIds[0]?.split('-')[0] ?? 'ana', `r-${opIds[0]}`, opIds, { atServer })

const effect = (history: HistoryBuilder, opId: string) => {
  const built = history.build()
  const operation = built.operation(opId)
  return operation && tookEffect(built, operation)
}

describe('of a server that tells holdings only', () => {
  /** Ana and ben edit a note; ben's edit was found in the dump that had to show ana's. */
  const covered = (benSawIt = false) => {
    const history = holdings().create('ana-1', 'n1', 'a').accept('ana-1')
    if (benSawIt) history.view('ben', ['ana-1 sent'])
    history.update('ben-1', 'n1', 'b').accept('ben-1')
    history.request('ben', 'b1', ['ben-1']).received('b1')
    return push(history, ['ana-1'], (h) => h.commit('ben-1', derived).as('found'))
      .as('answered')
      .responded('b1')
      .response('ben', 'b1')
  }
  const read = (history: HistoryBuilder) => history.heal().view('ana').view('ben').state()

  it('a write that another one covers may have taken effect', () => {
    const built = read(covered()).build()
    expect(effect(read(covered()), 'ana-1')).toBeUndefined()
    const operation = built.operation('ana-1')
    expect(operation && coversOf(built, operation).map(({ opId }) => opId)).toEqual(['ben-1'])
  })

  it('a write that was received, and that no dump shows or could hide, took no effect', () => {
    const history = holdings().create('ana-1', 'n1', 'a').accept('ana-1')
    expect(effect(read(push(history, ['ana-1'])), 'ana-1')).toBe(false)
  })

  it('the effect is open if a content without a marker was found instead', () => {
    const history = holdings().create('ana-1', 'n1', 'a').accept('ana-1')
    push(history, ['ana-1'], (h) => h.commit('ana-1', unmarked))
    expect(effect(history.heal().view('ana').state([]), 'ana-1')).toBeUndefined()
  })

  it('commits that were found together have no order, whatever their positions are', () => {
    const history = holdings().create('ana-1', 'm1', 'one').create('ana-2', 'm2', 'two')
    push(history, ['ana-1', 'ana-2'], (h) => h.commit('ana-2', derived).commit('ana-1', derived))
    const built = history.build()
    const [one, two] = built.of('serverCommit')
    expect(one && two && areOfOneDump(built, one, two)).toBe(true)
    expect(history.check(fifo)).toEqual({ judged: 2, findings: [] })
  })

  it('FIFO leaves open what one request carries in reverse order', () => {
    const history = holdings()
      .create('ana-1', 'm1', 'one')
      .accept('ana-1')
      .create('ana-2', 'm2', 'two')
      .accept('ana-2')
    push(history, ['ana-2', 'ana-1'], (h) => h.commit('ana-1', derived).commit('ana-2', derived))
    expect(history.check(fifo)).toMatchObject({ findings: [], undecided: expect.anything() })
  })

  it('FIFO finds a message that was held later than one that was sent after it', () => {
    const history = holdings()
      .create('ana-1', 'm1', 'one')
      .accept('ana-1')
      .create('ana-2', 'm2', 'two')
      .accept('ana-2')
    push(history, ['ana-2'], (h) => h.commit('ana-2', derived))
    push(history, ['ana-1'], (h) => h.commit('ana-1', derived))
    expect(history.findings(fifo)).toHaveLength(1)
  })

  it('NO-LOSS tells who overwrote a write, and never that it did not arrive', () => {
    const history = read(covered())
    const [finding] = history.findings(noLoss)
    expect(finding?.message).toContain("It was overwritten by ben's edit of note n1 'b' (ben-1)")
    expect(finding?.message).not.toContain('never got it')
    expect(finding?.evidence).toContain(history.seq('found'))
  })

  it('NO-LOSS counts as replaced what the other writer had seen', () => {
    expect(read(covered(true)).check(noLoss)).toMatchObject({ findings: [] })
    expect(read(covered(true)).check(noLoss).undecided).toBeUndefined()
  })

  it('NO-LOSS believes the conflict records of the dump', () => {
    const history = covered().heal().view('ana').view('ben').state(undefined, ['ana-1'])
    expect(history.check(noLoss)).toMatchObject({ findings: [] })
    expect(history.check(noLoss).undecided).toBeUndefined()
  })

  it('NO-LOSS counts an earlier write of the same request as replaced', () => {
    const history = holdings()
      .create('ana-1', 'n1', 'a')
      .accept('ana-1')
      .update('ana-2', 'n1', 'b')
      .accept('ana-2')
    push(history, ['ana-1', 'ana-2'], (h) => h.commit('ana-2', derived))
    expect(read(history).check(noLoss)).toEqual({ judged: 2, findings: [] })
  })

  it('NO-LOSS reports what the server held and dropped although nobody deleted it', () => {
    const history = holdings().create('ana-1', 'n1', 'a').accept('ana-1')
    push(history, ['ana-1'], (h) => h.commit('ana-1', derived))
    history.commit('ana-1', { ...unmarked, write: 'delete' })
    const [finding] = history.heal().view('ana').state([]).findings(noLoss)
    expect(finding?.message).toContain('and lost it again')
  })

  it('NO-FALSE-ACK leaves open what may have been overwritten', () => {
    const history = read(covered().settled('ana-1', 'acked'))
    expect(history.check(noFalseAck)).toMatchObject({ findings: [], undecided: expect.anything() })
  })

  it('NO-FALSE-ACK finds an ack of what the server received and never held', () => {
    const history = holdings().create('ana-1', 'n1', 'a').accept('ana-1')
    push(history, ['ana-1']).settled('ana-1', 'acked')
    expect(read(history).findings(noFalseAck)).toHaveLength(1)
  })
})

describe('EXACTLY-ONCE, by derived commits', () => {
  const twice = (sentTwice: boolean, version: number) => {
    const history = holdings().create('ana-1', 'n1', 'a').accept('ana-1')
    push(history, ['ana-1'], (h) => h.commit('ana-1', derived))
    if (sentTwice)
      history.roundTrip('ana', 'again', ['ana-1'], {
        atServer: (h) => void h.commit('ana-1', { ...derived, version }),
      })
    else history.commit('ana-1', { ...derived, version })
    return history
  }

  it('finds the same content as a higher version, after a second request', () => {
    expect(twice(true, 2).findings(exactlyOnce)).toHaveLength(1)
  })

  it('does not take a higher version for an effect if the write was sent once', () => {
    expect(twice(false, 2).findings(exactlyOnce)).toEqual([])
  })

  it('does not take a server that went back for an effect', () => {
    expect(twice(true, 1).findings(exactlyOnce)).toEqual([])
  })

  it('finds a second row under the same name', () => {
    const history = holdings().create('ana-1', 'm1', 'a').accept('ana-1')
    push(history, ['ana-1'], (h) => h.commit('ana-1', derived))
    history.roundTrip('ana', 'again', ['ana-1'], {
      atServer: (h) => void h.commit('ana-1', { ...derived, version: 1, head: 0, twin: 1 }),
    })
    expect(history.findings(exactlyOnce)).toHaveLength(1)
  })
})

describe('other invariants, by derived commits', () => {
  it('MONOTONE does not judge versions that the server does not count', () => {
    const history = holdings().create('ana-1', 'n1', 'a').commit('ana-1', derived)
    history.update('ben-1', 'n1', 'b').commit('ben-1', { ...derived, version: 1 })
    expect(history.findings(monotone)).toEqual([])
  })

  it('NO-RESURRECT finds an edit that brought a deleted record back', () => {
    const history = holdings().create('ana-1', 'n1', 'a').accept('ana-1')
    push(history, ['ana-1'], (h) => h.commit('ana-1', derived))
    history.delete('ben-1', 'n1').accept('ben-1')
    push(history, ['ben-1'], (h) => h.commit('ben-1', unmarked))
    history.update('ana-2', 'n1', 'b').accept('ana-2')
    push(history, ['ana-2'], (h) => h.commit('ana-2', { ...derived, write: 'create' }))
    expect(history.findings(noResurrect)).toHaveLength(1)
  })

  it('PRINCIPAL permits a row that keeps the name of its creator', () => {
    const history = holdings().create('ana-1', 'n1', 'a')
    push(history, ['ana-1'], (h) => h.commit('ana-1', derived))
    history.update('ben-1', 'n1', 'b')
    push(history, ['ben-1'], (h) => h.commit('ben-1', { ...derived, author: 'ana' }))
    expect(history.findings(principal)).toEqual([])
  })

  it('CURSOR is idle, with the reason', () => {
    const history = holdings().create('ana-1', 'n1', 'a').commit('ana-1', derived)
    expect(history.cursor('ben', 1, []).check(cursor)).toEqual({
      judged: 0,
      findings: [],
      idle: 'the server does not show the sequence of its commits',
    })
  })

  it('FIDELITY leaves open who typed a content without a marker', () => {
    const history = holdings().create('ana-1', 'n1', 'a').accept('ana-1')
    push(history, ['ana-1'], (h) => h.commit('ana-1', { ...unmarked, hash: 'cut' }))
    expect(history.check(fidelity)).toMatchObject({ findings: [], undecided: expect.anything() })
  })

  it('INJECTIVE leaves open whether a write was taken for another under its key', () => {
    const history = holdings()
      .create('ana-1', 'n1', 'a')
      .accept('ana-1', { key: 'k', rev: 1 })
      .update('ana-2', 'n1', 'b')
      .accept('ana-2', { key: 'k', rev: 2 })
    push(history, ['ana-1'], (h) => h.commit('ana-1', { derived: true }))
    push(history, ['ana-2']).settled('ana-2', 'acked')
    expect(history.check(injective)).toMatchObject({ findings: [], undecided: expect.anything() })
  })

  it('STATUS-TRUTH leaves open a failure icon on what the server holds', () => {
    const history = holdings().create('ana-1', 'n1', 'a').accept('ana-1')
    push(history, ['ana-1'], (h) => h.commit('ana-1', derived))
    history.heal().view('ana', ['ana-1 failed']).state()
    expect(history.check(statusTruth)).toMatchObject({ findings: [], undecided: expect.anything() })
  })

  it('CONFLICT-VISIBLE finds the text that an app was told it lost, and does not show', () => {
    const history = holdings().create('ana-1', 'n1', 'a').accept('ana-1')
    push(history, ['ana-1']).ack('ana-1', 'conflict').heal().view('ana').state([], ['ana-1'])
    const [finding] = history.findings(conflictVisible)
    expect(finding?.message).toContain('its screen shows the text nowhere')
  })

  it('CONFLICT-VISIBLE leaves open a loss of which the server has no record', () => {
    const history = holdings().create('ana-1', 'n1', 'a').accept('ana-1')
    push(history, ['ana-1']).ack('ana-1', 'conflict').heal()
    history.view('ana', [], { conflicts: ['ana-1'] }).state([], [])
    expect(history.check(conflictVisible)).toMatchObject({
      findings: [],
      undecided: expect.stringContaining('no conflict record'),
    })
  })
})

describe('a derived deletion', () => {
  const deletedBy = (sender: 'ana' | 'ben', both: boolean) => {
    const history = holdings().create('ana-1', 'n1', 'a').accept('ana-1')
    push(history, ['ana-1'], (h) => h.commit('ana-1', derived))
    history.delete('ana-2', 'n1').delete('ben-1', 'n1')
    const [first, second] = sender === 'ana' ? ['ana-2', 'ben-1'] : ['ben-1', 'ana-2']
    if (both) history.request(second.slice(0, 3), 'too', [second]).received('too')
    return push(history, [first], (h) => h.commit(first, { ...unmarked, author: 'ana' })).build()
  }

  it.each(['ana', 'ben'] as const)('is that of %s if only that was received', (sender) => {
    const history = deletedBy(sender, false)
    const [, deletion] = history.of('serverCommit')
    const opId = sender === 'ana' ? 'ana-2' : 'ben-1'
    expect(deletion && history.operationOf(deletion)?.opId).toBe(opId)
  })

  it('is nobody’s for certain if several were received', () => {
    const history = deletedBy('ana', true)
    const [, deletion] = history.of('serverCommit')
    expect(deletion && history.operationOf(deletion)).toBeUndefined()
    expect(history.operation('ben-1')?.commitsKnown).toBe(false)
  })
})
