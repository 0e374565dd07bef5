import type { HttpResponse } from '../../harness/core/ports/http.ts'
import {
  type ChangesResponse,
  changesResponseSchema,
  resyncSchema,
} from '../../server-stub/protocol/changes.ts'
import { bodyOf, failed, type NoAnswer, noAnswer } from './answer.ts'
import type { CursorRow } from './schema.ts'

export type PullAnswer =
  | { readonly type: 'page'; readonly page: ChangesResponse }
  | { readonly type: 'resync'; readonly epoch: string }
  | NoAnswer

/** Reads the answer to a pull after this cursor. A page that does not follow on it is no answer to it. */
export function readPullAnswer(response: HttpResponse, asked: CursorRow, wall: number): PullAnswer {
  if (response.status === 410 && asked.cursor > 0) {
    const resync = bodyOf(resyncSchema, response)
    return resync
      ? { type: 'resync', epoch: resync.epoch }
      : failed('gone, but not in our server’s words')
  }
  if (response.status !== 200) return noAnswer(response, wall)
  const page = bodyOf(changesResponseSchema, response)
  if (!page) return failed('not a page of changes')
  if (asked.cursor > 0 && page.epoch !== asked.epoch) return { type: 'resync', epoch: page.epoch }
  let last = asked.cursor
  for (const { seq, deleted, content } of page.changes) {
    if (seq <= last || (!deleted && !content)) return failed('a page out of order')
    last = seq
  }
  if (page.next < last || (page.more && page.next <= asked.cursor))
    return failed('a cursor that does not move on')
  return { type: 'page', page }
}
