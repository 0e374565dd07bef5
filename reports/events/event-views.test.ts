import { expect, it } from 'vitest'
import type { Event, EventBody } from '../../harness/core/event.ts'
import { tunnelPassed } from '../testing/histories.ts'
import { eventDescriber, noteFinder } from './event-views.ts'

const history = tunnelPassed()
const describeEvent = eventDescriber(history)
const noteOf = noteFinder(history, new Set())
const eventWith = (body: EventBody): Event => ({ ...body, seq: 1000, t: 0, node: 'ana' })

it('describes every event of a history', () => {
  expect(history.all.filter((event) => describeEvent(event) === '')).toEqual([])
})

const SAME_TEXT_TWICE: [text: string, body: EventBody][] = [
  ['the phone dozes off', { type: 'doze', dozing: true }],
  ['the phone wakes up', { type: 'doze', dozing: false }],
  ['the clock is 2 h ahead', { type: 'clock', by: 7_200_000 }],
  ['the clock is 2 h behind', { type: 'clock', by: -7_200_000 }],
  ['the clock is right again', { type: 'clock', by: 0 }],
  [
    'falls over: exit code 1',
    { type: 'crash', incarnation: 1, by: 'itself', message: 'exit code 1' },
  ],
]
it.each(SAME_TEXT_TWICE)('writes "%s" in the description and in the note', (text, body) => {
  expect(describeEvent(eventWith(body))).toBe(text)
  expect(noteOf(eventWith(body))?.lines).toMatchObject([{ text }])
})

const WRITE = { write: 'update', collection: 'notes', record: 'n1', opId: 'ana-1' } as const
const DECISIONS: [EventBody & { type: 'serverOutcome' }, description: string, note: unknown][] = [
  [{ type: 'serverOutcome', ...WRITE, outcome: 'applied' }, 'takes ana-1', undefined],
  [
    { type: 'serverOutcome', ...WRITE, outcome: 'duplicate' },
    'knows ana-1 already, does not do it again',
    { tone: 'faint', lines: [{ text: 'ana-1 is known already' }] },
  ],
  [
    { type: 'serverOutcome', ...WRITE, outcome: 'conflict', rule: 'newest', winner: 'k-ana-2' },
    'ana-1 loses by newest; ana-2 stands',
    { tone: 'warn', lines: [{ text: 'ana-1 loses' }, { text: 'newest' }] },
  ],
  [
    { type: 'serverOutcome', ...WRITE, outcome: 'rejected', rule: 'too long' },
    'rejects ana-1: too long',
    { tone: 'warn', lines: [{ text: 'ana-1 is rejected' }, { text: 'too long' }] },
  ],
]
it.each(DECISIONS)('presents the server decision $outcome', (body, description, note) => {
  expect(describeEvent(eventWith(body))).toBe(description)
  expect(noteOf(eventWith(body))).toEqual(note)
})

const HELD = {
  type: 'serverCommit',
  ...{ position: 3, epoch: 'e1', collection: 'notes', record: 'n1', version: 2, head: 1 },
  ...{ author: '', derived: true },
} as const
const HOLDINGS: [EventBody & { type: 'serverCommit' }, description: string, note: string][] = [
  [{ ...HELD, write: 'update', opId: 'ana-1' }, 'holds note n1 v2 (ana-1)', 'holds n1 v2 · ana-1'],
  [
    { ...HELD, write: 'create', opId: 'ana-1', twin: 1, recovered: true },
    'holds note n1 v2 in row 2 of this name (ana-1), found when it started',
    'holds n1 v2 · ana-1',
  ],
  [{ ...HELD, write: 'delete' }, 'no longer holds note n1', 'no n1'],
]
it.each(HOLDINGS)('presents a derived commit as what the server holds', (body, text, note) => {
  expect(describeEvent(eventWith(body))).toBe(text)
  expect(noteOf(eventWith(body))?.lines).toMatchObject([{ text: note }])
})

it('describes a message as sent, and has no note for it', () => {
  const sent = eventWith({ type: 'response', requestId: 'unknown', outcome: 'sent' })
  expect(describeEvent(sent)).toBe('has sent a request')
  expect(noteOf(sent)).toBeUndefined()
})
