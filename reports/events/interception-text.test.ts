import { expect, it } from 'vitest'
import type { EventOf } from '../../harness/core/event.ts'
import { interceptionCause, interceptionNote, interceptionText } from './interception-text.ts'

type Sent = Pick<EventOf<'intercepted'>, 'moment' | 'status' | 'body'>
const sent = (fields: Sent) => {
  const envelope = { seq: 1, t: 0, node: 'harness', requestId: 'r1' }
  const event = { ...envelope, type: 'intercepted', act: 'respond', ...fields } as const
  return [interceptionText(event), interceptionNote(event), interceptionCause(event)]
}

it('describes a page that came instead of the server', () => {
  expect(sent({ moment: 'before', status: 200, body: 'html' })).toEqual([
    'answers 200 with a web page instead of the server',
    'fault: 200, a web page',
    'a web page, by a fault; the server never saw it',
  ])
})

it("describes what became of the server's own body", () => {
  expect(sent({ moment: 'after', status: 502, body: 'kept' })).toEqual([
    "answers 502 with the server's body after the server has acted",
    'fault: 502 instead',
    "the server's body, by a fault, after the server has acted",
  ])
  expect(sent({ moment: 'after', status: 200, body: 'cut' }).slice(0, 2)).toEqual([
    "answers 200 with half of the server's body after the server has acted",
    'fault: 200, cut in half',
  ])
})

it('describes a response of which an older history does not have the body', () => {
  expect(sent({ moment: 'before', status: 503 })).toEqual([
    'answers 503 instead of the server',
    'fault: 503, not the server',
    'by a fault; the server never saw it',
  ])
})
