import type { HttpResponse } from '../../harness/core/ports/http.ts'
import { resyncResponseSchema } from '../../server-stub/protocol/changes.ts'
import { type PushResponse, pushResponseSchema } from '../../server-stub/protocol/push.ts'
import { classifyFailure, type FailedResponse, failed, parseBody } from './response.ts'
import type { OutboxRow } from './schema.ts'

type PushResult =
  | { readonly type: 'results'; readonly body: PushResponse }
  | { readonly type: 'resync'; readonly epoch: string }
  | FailedResponse

/**
 * Validates the response to a push of these entries: it must echo each of them, in order. `epoch`
 * is that of the last pull.
 */
export function parsePushResponse(
  response: HttpResponse,
  sent: readonly OutboxRow[],
  wall: number,
  epoch: string,
): PushResult {
  const resync = response.status === 410 && parseBody(resyncResponseSchema, response)
  if (resync && epoch !== '') return { type: 'resync', epoch: resync.epoch }
  if (response.status !== 200) return classifyFailure(response, wall, epoch)
  const body = parseBody(pushResponseSchema, response)
  if (!body) return failed('not a push response')
  const complete =
    body.results.length === sent.length &&
    body.results.every((result, i) => echoes(result, sent[i] as OutboxRow))
  return complete ? { type: 'results', body } : failed('a response to another push')
}

function echoes(
  { key, rev, outcome, current }: PushResponse['results'][number],
  entry: OutboxRow,
): boolean {
  if (key !== entry.key || rev !== entry.rev) return false
  if (current) return current.collection === entry.collection && current.record === entry.record
  // 'applied' must name the record that it applies to. Other outcomes may lack the record's state:
  // the server no longer has it if the record was deleted and purged.
  return outcome !== 'applied'
}
