import { z } from 'zod'
import type { HttpResponse } from '../../harness/core/ports/http.ts'
import { changesResponseSchema, resyncResponseSchema } from '../../server-stub/protocol/changes.ts'
import { idSchema, type RecordState, recordStateSchema } from '../../server-stub/protocol/item.ts'
import { classifyFailure, type FailedResponse, failed, parseBody } from './response.ts'
import type { CursorRow } from './schema.ts'

type PullResult =
  | { readonly type: 'page'; readonly page: Page }
  | { readonly type: 'resync'; readonly epoch: string; readonly newest?: number | undefined }
  | FailedResponse

/** A page of changes: the rows that could be read, and the others, which must not stop them. */
export interface Page {
  readonly epoch: string
  readonly changes: readonly RecordState[]
  readonly unread: readonly UnreadRow[]
  readonly next: number
  readonly more: boolean
}

export interface UnreadRow {
  readonly index: number
  readonly collection?: string
  readonly record?: string
}

const envelopeSchema = changesResponseSchema.extend({ changes: z.array(z.unknown()) })
const namesSchema = z.object({ collection: idSchema, record: idSchema })

/**
 * Validates the response to a pull after this cursor: its page must continue there, in order. Its
 * rows are read one by one.
 */
export function parsePullResponse(
  response: HttpResponse,
  { cursor, epoch }: CursorRow,
  wall: number,
): PullResult {
  if (response.status === 410 && cursor > 0) {
    const resync = parseBody(resyncResponseSchema, response)
    return resync
      ? { type: 'resync', epoch: resync.epoch, newest: resync.newest }
      : failed('410 of another server')
  }
  if (response.status !== 200) return classifyFailure(response, wall, epoch)
  const envelope = parseBody(envelopeSchema, response)
  if (!envelope) return failed('not a page of changes')
  const page = { ...envelope, ...readRows(envelope.changes) }
  if (cursor > 0 && page.epoch !== epoch) return { type: 'resync', epoch: page.epoch }
  let last = cursor
  for (const { seq } of page.changes) {
    if (seq <= last) return failed('a page out of order')
    last = seq
  }
  if (page.next < last || (page.more && page.next <= cursor))
    return failed('a cursor that does not advance')
  return { type: 'page', page }
}

function readRows(rows: readonly unknown[]): Pick<Page, 'changes' | 'unread'> {
  const changes: RecordState[] = []
  const unread: UnreadRow[] = []
  for (const [index, row] of rows.entries()) {
    const { data } = recordStateSchema.safeParse(row)
    if (data && (data.deleted || data.content)) changes.push(data)
    else unread.push({ index, ...namesSchema.safeParse(row).data })
  }
  return { changes, unread }
}
