import { describe as about, expect, it } from 'vitest'
import { tinyHistory } from '../testing/history-builder.ts'
import type { EventType } from './event.ts'
import { describe, isOwed } from './operation.ts'

about('the join of operations', () => {
  it('gathers what came of an action, a deletion by its key', () => {
    const [message, deletion] = tinyHistory()
      .create('ana-1', 'm1', 'Hi')
      .accept('ana-1')
      .deliver('ana-1')
      .delete('ana-2', 'm1')
      .accept('ana-2')
      .deliver('ana-2')
      .build().operations
    for (const operation of [message, deletion]) {
      expect(operation).toMatchObject({
        device: 'ana',
        user: 'ana',
        keys: [`k-${operation?.op}`],
        cutOff: false,
      })
      expect(
        [operation?.requests, operation?.outcomes, operation?.commits, operation?.acks].map(
          (list) => list?.length,
        ),
      ).toEqual([1, 1, 1, 1])
    }
  })

  it('takes the first of what was said twice', () => {
    const [operation] = tinyHistory()
      .create('ana-1', 'm1')
      .localCommit('ana-1')
      .localCommit('ana-1', { key: 'anew' })
      .build().operations
    expect([operation?.localCommit?.key, operation?.keys]).toEqual(['k-ana-1', ['k-ana-1', 'anew']])
  })

  it('knows a key that never reached the server by a request that carries nothing else', () => {
    const alone = { about: [{ key: 'x', attempt: 1 }] }
    expect(
      tinyHistory().create('ana-1', 'm1').request('ana', 'r1', ['ana-1'], alone).build()
        .operations[0]?.keys,
    ).toEqual(['x'])
  })

  it('tells by the revision which of two writes under one key an ack is for, and by the marker which one a request carried', () => {
    const one = tinyHistory()
      .create('ana-1', 'm1')
      .localCommit('ana-1')
      .request('ana', 'r1', ['ana-1'])
      .update('ana-2', 'm1', 'x')
    const [first, second] = one
      .localCommit('ana-2', { key: 'k-ana-1' })
      .ack('ana-1')
      .build().operations
    expect([
      first?.acks.length,
      second?.acks.length,
      first?.requests.length,
      second?.requests.length,
    ]).toEqual([1, 0, 1, 0])
    expect([first?.keys, second?.keys]).toEqual([['k-ana-1'], ['k-ana-1']])
  })

  it('owes what it took or swallowed, not what a kill cut off or what it refused', () => {
    const owed = (history: ReturnType<typeof tinyHistory>) => history.build().operations.map(isOwed)
    expect(owed(tinyHistory().create('ana-1', 'm1'))).toEqual([true])
    expect(owed(tinyHistory().create('ana-1', 'm1').saved('ana-1', false).crash('ana'))).toEqual([
      true,
    ])
    expect(owed(tinyHistory().create('ana-1', 'm1').crash('ana'))).toEqual([false])
    expect(owed(tinyHistory().create('ana-1', 'm1').refused('ana-1'))).toEqual([false])
  })

  it('keeps the number of a commit apart from the place of its event', () => {
    const [operation] = tinyHistory()
      .create('ana-1', 'm1')
      .localCommit('ana-1')
      .commit('ana-1')
      .build().operations
    expect([operation?.commits[0]?.position, operation?.commits[0]?.seq]).toEqual([1, 2])
  })

  it('names operations for people', () => {
    const history = tinyHistory()
      .create('ana-1', 'm1', 'Hi')
      .update('ana-2', 'n1', 'new')
      .delete('ana-3', 'm1')
      .cancel('ana-4', 'ana-1')
    expect(history.build().operations.map(describe)).toEqual([
      "ana's message 'Hi' (ana-1)",
      "ana's edit of note n1 'new' (ana-2)",
      "ana's deletion of message m1 (ana-3)",
      "ana's cancel (ana-4)",
    ])
  })
})

about('history.operationOf', () => {
  const history = tinyHistory()
    .create('ana-1', 'm1')
    .localCommit('ana-1')
    .update('ana-2', 'm1', 'x', 'messages')
    .localCommit('ana-2', { key: 'k-ana-1' })
    .deliver('ana-1')
    .ack('ana-2', 'applied', { key: 'k-ana-1', rev: 2 })
    .delete('ana-3', 'm2')
    .accept('ana-3')
    .commit('ana-3')
    .build()
  const ops = (type: EventType) =>
    history.events.flatMap((event) =>
      event.type === type ? [history.operationOf(event)?.op ?? 'none'] : [],
    )

  it('operationOf resolves an action and what the client reported of it by operation id', () => {
    expect(ops('invoke')).toEqual(['ana-1', 'ana-2', 'ana-3'])
    expect(ops('localCommit')).toEqual(['ana-1', 'ana-2', 'ana-3'])
    expect(ops('saved')).toEqual(['ana-3'])
  })

  it('operationOf resolves server events by marker, and a deletion by its key', () => {
    expect(ops('serverOutcome')).toEqual(['ana-1'])
    expect(ops('serverCommit')).toEqual(['ana-1', 'ana-3'])
  })

  it('operationOf resolves an ack by key and revision', () => {
    expect(ops('ackApplied')).toEqual(['ana-1', 'ana-2'])
  })

  it('operationOf agrees with the acks and commits of each operation', () => {
    for (const operation of history.operations) {
      for (const event of [...operation.acks, ...operation.commits]) {
        expect(history.operationOf(event)).toBe(operation)
      }
    }
  })

  it('operationOf is undefined for a request, which may carry several operations', () => {
    expect(new Set(ops('request'))).toEqual(new Set(['none']))
  })

  it('operationOfKey returns the newest write under a shared key, and undefined for an unknown key', () => {
    expect(history.operationOfKey('k-ana-1')?.op).toBe('ana-2')
    expect(history.operationOfKey('unknown')).toBeUndefined()
  })
})
