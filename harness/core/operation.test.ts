import { describe, expect, it } from 'vitest'
import { type HistoryBuilder, tinyHistory } from '../testing/history-builder.ts'
import type { EventType } from './event.ts'
import { describeOperation, isOwed } from './operation.ts'

describe('joinOperations', () => {
  it('joins all events of an action, for a deletion by its key', () => {
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
        keys: [`k-${operation?.opId}`],
        cutOff: false,
      })
      expect(operation?.requests).toHaveLength(1)
      expect(operation?.outcomes).toHaveLength(1)
      expect(operation?.commits).toHaveLength(1)
      expect(operation?.acks).toHaveLength(1)
    }
  })

  it('keeps the first local commit of an operation, and the keys of all', () => {
    const [operation] = tinyHistory()
      .create('ana-1', 'm1')
      .localCommit('ana-1')
      .localCommit('ana-1', { key: 'second' })
      .build().operations
    expect(operation?.localCommit?.key).toBe('k-ana-1')
    expect(operation?.keys).toEqual(['k-ana-1', 'second'])
  })

  it('learns a key that the server never saw from a request with one key and one marker', () => {
    const alone = { about: [{ key: 'x', attempt: 1 }] }
    expect(
      tinyHistory().create('ana-1', 'm1').request('ana', 'r1', ['ana-1'], alone).build()
        .operations[0]?.keys,
    ).toEqual(['x'])
  })

  it('joins an ack by revision and a request by marker when two writes share a key', () => {
    const one = tinyHistory()
      .create('ana-1', 'm1')
      .localCommit('ana-1')
      .request('ana', 'r1', ['ana-1'])
      .update('ana-2', 'm1', 'x')
    const [first, second] = one
      .localCommit('ana-2', { key: 'k-ana-1' })
      .ack('ana-1')
      .build().operations
    expect(first?.acks).toHaveLength(1)
    expect(second?.acks).toHaveLength(0)
    expect(first?.requests).toHaveLength(1)
    expect(second?.requests).toHaveLength(0)
    expect(first?.keys).toEqual(['k-ana-1'])
    expect(second?.keys).toEqual(['k-ana-1'])
  })

  it('isOwed is true for accepted or dropped writes, false for refused or cut off ones', () => {
    const owed = (history: HistoryBuilder) => history.build().operations.map(isOwed)
    expect(owed(tinyHistory().create('ana-1', 'm1'))).toEqual([true])
    expect(owed(tinyHistory().create('ana-1', 'm1').saved('ana-1', false).crash('ana'))).toEqual([
      true,
    ])
    expect(owed(tinyHistory().create('ana-1', 'm1').crash('ana'))).toEqual([false])
    expect(owed(tinyHistory().create('ana-1', 'm1').refused('ana-1'))).toEqual([false])
  })

  it('keeps the position of a commit apart from the place of its event', () => {
    const [operation] = tinyHistory()
      .create('ana-1', 'm1')
      .localCommit('ana-1')
      .commit('ana-1')
      .build().operations
    expect(operation?.commits[0]?.position).toBe(1)
    expect(operation?.commits[0]?.seq).toBe(2)
  })

  it('describes operations for people', () => {
    const history = tinyHistory()
      .create('ana-1', 'm1', 'Hi')
      .update('ana-2', 'n1', 'new')
      .delete('ana-3', 'm1')
      .cancel('ana-4', 'ana-1')
    expect(history.build().operations.map(describeOperation)).toEqual([
      "ana's message 'Hi' (ana-1)",
      "ana's edit of note n1 'new' (ana-2)",
      "ana's deletion of message m1 (ana-3)",
      "ana's cancel (ana-4)",
    ])
  })
})

describe('history.operationOf', () => {
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
  const opIds = (type: EventType) =>
    history.events.flatMap((event) =>
      event.type === type ? [history.operationOf(event)?.opId ?? 'none'] : [],
    )

  it('operationOf resolves an action and the reports on it by operation id', () => {
    expect(opIds('invoke')).toEqual(['ana-1', 'ana-2', 'ana-3'])
    expect(opIds('localCommit')).toEqual(['ana-1', 'ana-2', 'ana-3'])
    expect(opIds('saved')).toEqual(['ana-3'])
  })

  it('operationOf resolves server events by marker, and a deletion by its key', () => {
    expect(opIds('serverOutcome')).toEqual(['ana-1'])
    expect(opIds('serverCommit')).toEqual(['ana-1', 'ana-3'])
  })

  it('operationOf resolves an ack by key and revision', () => {
    expect(opIds('ackApplied')).toEqual(['ana-1', 'ana-2'])
  })

  it('operationOf agrees with the acks and commits of each operation', () => {
    for (const operation of history.operations) {
      for (const event of [...operation.acks, ...operation.commits]) {
        expect(history.operationOf(event)).toBe(operation)
      }
    }
  })

  it('operationOf is undefined for a request, which may carry several operations', () => {
    expect(new Set(opIds('request'))).toEqual(new Set(['none']))
  })

  it('operationOfKey returns the newest write under a key, undefined for an unknown one', () => {
    expect(history.operationOfKey('k-ana-1')?.opId).toBe('ana-2')
    expect(history.operationOfKey('unknown')).toBeUndefined()
  })
})
