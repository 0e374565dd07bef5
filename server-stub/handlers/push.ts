import { parseBody } from '../http/body.ts'
import { json, resyncResponse } from '../http/response.ts'
import type { Handler } from '../http/router.ts'
import { type PushResponse, type PushResult, pushRequestSchema } from '../protocol/push.ts'
import type { Store } from '../store/store.ts'
import { stateOf } from '../store/tables.ts'
import type { Writer } from '../write/writer.ts'

/** POST /push. Writes the items in order, each independently of the others. */
export function pushHandler(write: Writer, store: Store): Handler {
  return ({ body, author, requestId }) => {
    const { epoch = store.epoch, items } = parseBody(body, pushRequestSchema)
    if (epoch !== store.epoch) return resyncResponse(store)
    const results = items.map((item): PushResult => {
      const { outcome, rule, current } = write({ ...item, author }, { requestId, versioned: true })
      return {
        key: item.key,
        rev: item.rev,
        outcome,
        ...(rule !== undefined &&
          (outcome === 'conflict' || outcome === 'rejected') && { reason: rule }),
        ...(current && { current: stateOf(current) }),
      }
    })
    return json(200, { epoch, results } satisfies PushResponse)
  }
}
