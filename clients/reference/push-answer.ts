import type { HttpResponse } from '../../harness/core/ports/http.ts'
import { type PushResponse, pushResponseSchema } from '../../server-stub/protocol/push.ts'
import { bodyOf, failed, type NoAnswer, noAnswer } from './answer.ts'
import type { OutboxRow } from './schema.ts'

export type PushAnswer = { readonly type: 'results'; readonly answer: PushResponse } | NoAnswer

/** Reads the answer to a push of these entries. Whatever does not echo them one by one is no answer to it. */
export function readPushAnswer(
  response: HttpResponse,
  sent: readonly OutboxRow[],
  wall: number,
): PushAnswer {
  if (response.status !== 200) return noAnswer(response, wall)
  const answer = bodyOf(pushResponseSchema, response)
  if (!answer) return failed('not the answer to a push')
  const echoed =
    answer.results.length === sent.length &&
    sent.every((entry, i) => {
      const { key, rev, outcome, current } = answer.results[i] as PushResponse['results'][number]
      if (key !== entry.key || rev !== entry.rev) return false
      if (current) return current.collection === entry.collection && current.record === entry.record
      // Without the record as it stands there is no telling what was applied. One that was deleted since, and forgotten, has nothing to tell.
      return outcome !== 'applied'
    })
  return echoed ? { type: 'results', answer } : failed('an answer to something else')
}
