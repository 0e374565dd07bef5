import { expect, it } from 'vitest'
import { tinyHistory } from '../../harness/testing/history-builder.ts'
import { eventDescriber, noteFinder } from './event-views.ts'

/** A client with one outbox row per record: two writes share a key, each ack names a revision. */
const sharedKey = () =>
  tinyHistory()
    .create('ana-1', 'm1')
    .localCommit('ana-1')
    .update('ana-2', 'm1', 'edited', 'messages')
    .localCommit('ana-2', { key: 'k-ana-1' })
    .ack('ana-1')
    .as('first ack')
    .ack('ana-2', 'applied', { key: 'k-ana-1', rev: 2 })
    .as('second ack')

it.each([
  ['first ack', 'ana-1'],
  ['second ack', 'ana-2'],
])('names the same operation in the description and in the note of the %s', (name, opId) => {
  const draft = sharedKey()
  const history = draft.build()
  const ack = history.events.find(({ seq }) => seq === draft.seq(name))
  if (!ack) throw new Error(`the history has no ${name}`)
  const describeEvent = eventDescriber(history)
  const note = noteFinder(history, new Set())(ack)
  expect(describeEvent(ack)).toContain(`for ${opId}:`)
  expect(note?.lines[0]?.text).toContain(`${opId} confirmed`)
})
