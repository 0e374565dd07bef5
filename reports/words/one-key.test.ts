import { expect, it } from 'vitest'
import { tiny } from '../../harness/invariants/testing/tiny.ts'
import { notesOf } from '../viewer/diagram/notes.ts'
import { teller } from './event.ts'

/** A client with one outbox row per record: two writes share a key, each ack names a revision. */
const sharedKey = () =>
  tiny()
    .invoke('ana-1', 'm1')
    .local('ana-1')
    .update('ana-2', 'm1', 'edited', 'messages')
    .local('ana-2', { key: 'k-ana-1' })
    .ack('ana-1')
    .as('first ack')
    .ack('ana-2', 'applied', { key: 'k-ana-1', rev: 2 })
    .as('second ack')

it.each([
  ['first ack', 'ana-1'],
  ['second ack', 'ana-2'],
])('names the same operation in the tooltip and in the label of the %s', (name, op) => {
  const draft = sharedKey()
  const history = draft.build()
  const ack = history.events.find(({ seq }) => seq === draft.seq(name))
  if (!ack) throw new Error(`the history has no ${name}`)
  const tell = teller(history)
  const label = notesOf(history, tell, new Set())(ack)
  expect(tell(ack)).toContain(`for ${op}:`)
  expect(label?.lines[0]?.text).toContain(`${op} confirmed`)
})
