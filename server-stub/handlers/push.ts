import { parseBody } from '../http/body.ts'
import { json } from '../http/response.ts'
import type { Handler } from '../http/router.ts'
import { type PushResponse, type PushResult, pushRequestSchema } from '../protocol/push.ts'
import { stateOf } from '../store/tables.ts'
import type { Writer } from '../write/writer.ts'

/** POST /push. Writes the items in order, each independently of the others. */
export function pushHandler(write: Writer, epoch: string): Handler {
  return ({ body, author, requestId }) => {
    const { items } = parseBody(body, pushRequestSchema)
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
