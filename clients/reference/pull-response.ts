import type { HttpResponse } from '../../harness/core/ports/http.ts'
import {
  type ChangesResponse,
  changesResponseSchema,
  resyncResponseSchema,
} from '../../server-stub/protocol/changes.ts'
import { classifyFailure, type FailedResponse, failed, parseBody } from './response.ts'
import type { CursorRow } from './schema.ts'

type PullResult =
  | { readonly type: 'page'; readonly page: ChangesResponse }
  | { readonly type: 'resync'; readonly epoch: string }
  | FailedResponse

/** Validates the response to a pull after this cursor: its page must continue there, in order. */
export function parsePullResponse(
  response: HttpResponse,
  { cursor, epoch }: CursorRow,
  wall: number,
): PullResult {
  if (response.status === 410 && cursor > 0) {
    const resync = parseBody(resyncResponseSchema, response)
    return resync ? { type: 'resync', epoch: resync.epoch } : failed('410 of another server')
  }
  if (response.status !== 200) return classifyFailure(response, wall)
  const page = parseBody(changesResponseSchema, response)
  if (!page) return failed('not a page of changes')
  if (cursor > 0 && page.epoch !== epoch) return { type: 'resync', epoch: page.epoch }
  let last = cursor
  for (const { seq, deleted, content } of page.changes) {
    if (seq <= last || (!deleted && !content)) return failed('a page out of order')
    last = seq
  }
  if (page.next < last || (page.more && page.next <= cursor))
    return failed('a cursor that does not advance')
  return { type: 'page', page }
}
