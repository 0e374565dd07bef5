import { describe, expect, it } from 'vitest'
import type { EventBody } from '../../core/event.ts'
import { INVALID_MAX, Intake, type IntakeOptions } from './intake.ts'

function intake(from: IntakeOptions['from'] = 'client') {
  const recorded: EventBody[] = []
  const isPerformed = (opId: string) => opId === 'ana-1'
  const record = (event: EventBody) => void recorded.push(event)
  return { recorded, intake: new Intake({ from, record, isPerformed }) }
}

/** Returns the one `invalid` event that a report leads to, as "what: expected; received". */
function invalid(report: (intake: Intake) => void, from: IntakeOptions['from'] = 'client'): string {
  const { recorded, intake: at } = intake(from)
  report(at)
  expect(recorded).toHaveLength(1)
  const [event] = recorded
  if (event?.type !== 'invalid') return `recorded ${JSON.stringify(event)}`
  return `${event.what}: expected ${event.expected}; got ${event.received}`
}

const write = {
  type: 'localCommit',
  opId: 'ana-1',
  key: 'k',
  write: 'create',
  collection: 'messages',
  record: 'm1',
  rev: 1,
}
const row = { collection: 'messages', id: '1', content: { text: 'Hi' } }
const view = (wrong: object) => ({ rows: [{ ...row, ...wrong }] })
const cycle: Record<string, unknown> = { text: 'Hi' }
cycle.self = cycle

describe('the intake of events', () => {
  it('records a valid event, without the fields that nobody knows', () => {
    const { recorded, intake: at } = intake()
    at.event({ ...write, seq: 99, node: 'ben', colour: 'red' })
    at.event({ type: 'note', text: 'KEEP', opId: 'ben-1' })
    expect(recorded).toEqual([write, { type: 'note', text: 'KEEP', opId: 'ben-1' }])
  })

  it.each<[string, unknown, string]>([
    ['a text as rev', { ...write, rev: 'one' }, 'a number; got rev: "one"'],
    ['NaN', { ...write, rev: Number.NaN }, 'a number; got rev: NaN'],
    ['infinity', { ...write, rev: Infinity }, 'a number; got rev: Infinity'],
    ['a fraction', { ...write, rev: 1.5 }, 'a whole number; got rev: 1.5'],
    ['a negative number', { ...write, rev: -1 }, 'a number of at least 0; got rev: -1'],
    ['a missing field', { ...write, key: undefined }, 'a text; got key: undefined'],
    [
      'an unknown kind of write',
      { ...write, write: 'upsert' },
      'one of create, update, delete; got write: "upsert"',
    ],
    [
      'an operation of nobody',
      { ...write, opId: 'ana-7' },
      'an operation that was performed on this device; got opId: "ana-7"',
    ],
  ])('refuses the event localCommit with %s', (_, event, message) => {
    expect(invalid((at) => at.event(event))).toBe(`the event localCommit: expected ${message}`)
  })

  const types = 'one of localCommit, ackApplied, cursorSaved, note'
  it.each<[string, unknown, string]>([
    ['of an unknown type', { type: 'localComit' }, `${types}; got type: "localComit"`],
    ['of the server', { type: 'serverCommit' }, `${types}; got type: "serverCommit"`],
    ['of the harness', { type: 'crash' }, `${types}; got type: "crash"`],
    ['without a type', {}, 'a text; got type: undefined'],
    ['that is undefined', undefined, 'an object; got undefined'],
    ['that is null', null, 'an object; got null'],
    ['that is a promise', Promise.resolve(write), 'a value that is there now; got a promise'],
  ])('refuses a report %s as an event', (_, event, message) => {
    expect(invalid((at) => at.event(event))).toBe(`an event: expected ${message}`)
  })

  it('refuses a hostile object as an event, and does not throw', () => {
    const hostile = {
      get type(): string {
        throw new Error('do not touch')
      },
    }
    expect(invalid((at) => at.event(hostile))).toContain('got the exception "do not touch"')
  })

  it('lets the process of a device report what its host does, but nothing of the server', () => {
    const saved = { type: 'saved', opId: 'ana-1', durable: true }
    expect(invalid((at) => at.event(saved), 'device')).toBe(`recorded ${JSON.stringify(saved)}`)
    expect(invalid((at) => at.event({ ...saved, opId: 'ana-2' }), 'device')).toBe(
      'the event saved: expected an operation that was performed on this device; ' +
        'got opId: "ana-2"',
    )
    expect(invalid((at) => at.event(saved), 'server process')).toContain('got type: "saved"')
    expect(invalid((at) => at.event({ type: 'start', incarnation: 1 }), 'device')).toContain(
      'got type: "start"',
    )
  })

  it('keeps the position of a commit', () => {
    const commit = {
      type: 'serverCommit',
      position: 7,
      epoch: 'e',
      write: 'create',
      collection: 'c',
      record: 'r',
      version: 1,
      head: 0,
      author: 'ana',
    }
    const { recorded, intake: at } = intake('server process')
    expect(at.event(commit)).toMatchObject({ position: 7 })
    expect(recorded).toEqual([commit])
  })

  it('drops invalid reports after the first ones, so that a history stays small', () => {
    const { recorded, intake: at } = intake('device')
    for (let i = 0; i < INVALID_MAX + 10; i++) at.event(undefined)
    for (let i = 0; i < 10; i++)
      at.event({ type: 'invalid', what: 'a view', received: 'x', expected: 'y' })
    at.event(write)
    expect(recorded).toHaveLength(INVALID_MAX + 1)
    expect(recorded.at(-1)).toEqual(write)
  })
})

describe('the intake of views', () => {
  it('accepts a view, and the answer that there is nothing to show yet', () => {
    const { recorded, intake: at } = intake()
    expect(at.view({ ...view({ colour: 'red' }), theme: 'dark' })).toEqual({
      rows: [
        { collection: 'messages', id: '1', record: '1', hash: expect.any(String), text: 'Hi' },
      ],
    })
    expect(at.view(undefined)).toBeUndefined()
    expect(recorded).toEqual([])
  })

  it('leaves out what nobody knows of an outbox entry, too', () => {
    const entry = { key: 'k', type: 'delete', collection: 'c', record: 'r', rev: 1 }
    const outbox = [{ ...entry, state: 'pending', attempts: 4 }]
    expect(intake().intake.view({ rows: [], outbox })?.outbox).toEqual([
      { ...entry, state: 'pending' },
    ])
  })

  it('accepts content of a class, of another realm and with absent fields', () => {
    class Message {
      text = 'Hi'
      draft = undefined
    }
    expect(intake().intake.view(view({ content: new Message() }))?.rows).toHaveLength(1)
    const bare = Object.assign(Object.create(null), { text: 'Hi' })
    expect(intake().intake.view(view({ content: bare }))?.rows).toHaveLength(1)
  })

  it.each<[string, unknown, string]>([
    ['null', null, 'an object; got null'],
    ['an array', [], 'an object; got []'],
    ['a promise', Promise.resolve({ rows: [] }), 'a value that is there now; got a promise'],
    ['no rows', {}, 'an array; got rows: undefined'],
    ['rows that are no array', { rows: {} }, 'an array; got rows: {}'],
    ['a row that is none', { rows: [null] }, 'an object; got rows.0: null'],
    ['a number as id', view({ id: 7 }), 'a text; got rows.0.id: 7'],
    [
      'an unknown status',
      view({ status: 'delivered' }),
      'one of pending, sent, failed; got rows.0.status: "delivered"',
    ],
    [
      'null as status',
      view({ status: null }),
      'one of pending, sent, failed; got rows.0.status: null',
    ],
    ['a negative version', view({ version: -1 }), 'a number of at least 0; got rows.0.version: -1'],
    [
      'no content',
      view({ content: undefined }),
      'an object of JSON; got rows.0.content: undefined',
    ],
    ['a text as content', view({ content: 'Hi' }), 'an object of JSON; got rows.0.content: "Hi"'],
    [
      'an array as content',
      view({ content: ['Hi'] }),
      'an object of JSON; got rows.0.content: ["Hi"]',
    ],
    [
      'a date in its content',
      view({ content: { text: 'Hi', at: new Date(0) } }),
      'a value of JSON; got rows.0.content.at: a Date',
    ],
    [
      'a map in its content',
      view({ content: { tags: new Map() } }),
      'a value of JSON; got rows.0.content.tags: a Map',
    ],
    [
      'a BigInt in its content',
      view({ content: { size: 5n } }),
      'a value of JSON; got rows.0.content.size: 5n',
    ],
    [
      'a function in its content',
      view({ content: { deep: [() => 1] } }),
      'a value of JSON; got rows.0.content.deep.0: a function',
    ],
    [
      'NaN in its content',
      view({ content: { x: Number.NaN } }),
      'a value of JSON; got rows.0.content.x: NaN',
    ],
    ['a text as badge', { rows: [], pending: '3' }, 'a number; got pending: "3"'],
    ['a text as claim', { rows: [], allSynced: 'yes' }, 'true or false; got allSynced: "yes"'],
    ['a wrong outbox', { rows: [], outbox: [{}] }, 'a text; got outbox.0.key: undefined'],
  ])('refuses a view with %s', (_, value, message) => {
    expect(invalid((at) => at.view(value))).toBe(`a view: expected ${message}`)
  })

  it('refuses a view whose content contains itself, in one short line', () => {
    const message = invalid((at) => at.view(view({ content: cycle })))
    expect(message).toMatch(/^a view: expected a value of JSON; got rows\.0\.content\.self/)
    expect(message.length).toBeLessThan(2500)
  })

  it('ends on content that branches without end', () => {
    let wide: Record<string, unknown> = { text: 'Hi' }
    for (let i = 0; i < 100; i++) wide = { a: wide, b: wide }
    expect(invalid((at) => at.view(view({ content: wide })))).toContain('a value of JSON')
  })
})

describe('the intake of actions', () => {
  const never = new Promise<never>(() => {})

  it.each<[string, unknown, string]>([
    ['undefined', undefined, 'an object with the promise saved; got undefined'],
    ['a text', 'ok', 'an object with the promise saved; got "ok"'],
    ['a promise', never, 'an object with the promise saved; got a promise'],
    ['no saved', {}, 'a promise; got saved: undefined'],
    [
      'a saved that is no promise',
      { saved: { durable: true } },
      'a promise; got saved: {"durable":true}',
    ],
    ['a settled that is no promise', { saved: never, settled: 7 }, 'a promise; got settled: 7'],
  ])('refuses %s as the result of perform', (_, performed, message) => {
    expect(invalid((at) => at.performed('ana-1', performed))).toBe(
      `the result of perform(ana-1): expected ${message}`,
    )
  })

  it('keeps saved if settled is no promise', () => {
    expect(intake().intake.performed('ana-1', { saved: never, settled: 7 })).toEqual({
      saved: never,
    })
  })

  it.each<[string, unknown, string]>([
    ['undefined', undefined, 'an object; got undefined'],
    ['another type', { durable: 'yes' }, 'true or false; got durable: "yes"'],
    ['nothing', {}, 'true or false; got durable: undefined'],
    ['a reason that is no text', { refused: true }, 'a text; got refused: true'],
  ])('refuses %s as saved', (_, saved, message) => {
    expect(invalid((at) => at.saved('ana-1', saved))).toBe(`saved of ana-1: expected ${message}`)
  })

  it('records what saved and settled resolve to', () => {
    const { recorded, intake: at } = intake()
    at.saved('ana-1', { durable: true })
    at.saved('ana-1', { refused: 'too long' })
    at.settled('ana-1', { outcome: 'rejected', reason: 'too long' })
    expect(recorded).toEqual([
      { type: 'saved', opId: 'ana-1', durable: true },
      { type: 'refused', opId: 'ana-1', reason: 'too long' },
      { type: 'settled', opId: 'ana-1', outcome: 'rejected', reason: 'too long' },
    ])
  })

  it.each<[string, unknown, string]>([
    [
      'an unknown outcome',
      { outcome: 'ok' },
      'one of acked, rejected, conflict; got outcome: "ok"',
    ],
    ['undefined', undefined, 'an object; got undefined'],
    ['a number as reason', { outcome: 'acked', reason: 409 }, 'a text; got reason: 409'],
  ])('refuses %s as settled', (_, settled, message) => {
    expect(invalid((at) => at.settled('ana-1', settled))).toBe(
      `settled of ana-1: expected ${message}`,
    )
  })
})

describe('the intake of a server', () => {
  const dump = { epoch: 'e', position: 1, rows: [] }

  it.each<[string, unknown, string]>([
    ['a promise', Promise.resolve(dump), 'a value that is there now; got a promise'],
    ['undefined', undefined, 'an object; got undefined'],
    ['a text as position', { ...dump, position: '1' }, 'a number; got position: "1"'],
    ['rows that are no array', { ...dump, rows: {} }, 'an array; got rows: {}'],
    [
      'a row without a version',
      { ...dump, rows: [{ collection: 'c', record: 'r', deleted: false }] },
      'a number; got rows.0.version: undefined',
    ],
  ])('refuses %s as its dump', (_, value, message) => {
    expect(invalid((at) => void at.dump(value), 'server')).toBe(`its dump: expected ${message}`)
  })

  it('records a dump without the fields that nobody knows', () => {
    const { recorded, intake: at } = intake('server')
    const kept = { collection: 'c', record: 'r', version: 1, deleted: true }
    const valid = at.dump({ ...dump, rows: [{ ...kept, shard: 3 }], size: 9 })
    if (valid) at.state(valid)
    expect(recorded).toEqual([{ type: 'serverState', ...dump, rows: [kept] }])
  })

  it.each<[string, unknown, string]>([
    ['undefined', undefined, 'an object; got undefined'],
    ['a text as status', { status: '200', headers: {}, body: '' }, 'a number; got status: "200"'],
    ['an object as body', { status: 200, headers: {}, body: {} }, 'a text; got body: {}'],
    [
      'a number as header',
      { status: 429, headers: { 'retry-after': 5 }, body: '' },
      'an object of texts; got headers: {"retry-after":5}',
    ],
  ])('refuses %s as a response', (_, value, message) => {
    expect(invalid((at) => void at.response('GET /', value), 'server')).toBe(
      `the response to GET /: expected ${message}`,
    )
  })
})
