import type { Server, ServerDefinition } from '../../harness/core/server.ts'
import { REQUEST_HEADER } from '../../harness/core/server.ts'
import { json } from '../http/response.ts'
import type { PushItem } from '../protocol/item.ts'
import type { PushResponse, PushResult } from '../protocol/push.ts'
import { DEFAULT_TRAITS, syncServer } from '../server.ts'

const RULE = 'base is a version the server never had'

/** Forgets a deleted record at once, and then rejects the version that its deletion had made. */
const unforgiving: ServerDefinition = {
  name: 'unforgiving',
  title: 'rejects a record that is written again by the one who deleted it',
  create: (ports, setup) => {
    const server = syncServer(ports, setup, DEFAULT_TRAITS)
    const isForgotten = ({ type, collection, record }: PushItem) =>
      type === 'create' &&
      server
        .dump()
        .rows.some((row) => row.deleted && row.collection === collection && row.record === record)
    const handle: Server['handle'] = async (request) => {
      if (request.path !== '/push' || request.body === undefined) return server.handle(request)
      const { items } = JSON.parse(request.body) as { items: PushItem[] }
      const rejected = new Map<PushItem, PushResult>()
      for (const item of items.filter(isForgotten)) {
        const { key, rev, type, collection, record, base } = item
        const requestId = request.headers?.[REQUEST_HEADER]
        ports.recorder.emit({
          type: 'serverOutcome',
          ...(requestId !== undefined && { requestId }),
          key,
          write: type,
          collection,
          record,
          outcome: 'rejected',
          base,
          head: 0,
          rule: RULE,
        })
        rejected.set(item, { key, rev, outcome: 'rejected', reason: RULE })
      }
      const others = items.filter((item) => !rejected.has(item))
      if (others.length === items.length) return server.handle(request)
      if (others.length === 0)
        return json(200, { epoch: server.dump().epoch, results: [...rejected.values()] })
      const response = await server.handle({ ...request, body: JSON.stringify({ items: others }) })
      if (response.status !== 200) return response
      const { epoch, results } = JSON.parse(response.body) as PushResponse
      const decided = items.map((item) => rejected.get(item) ?? results[others.indexOf(item)])
      return json(200, { epoch, results: decided })
    }
    return { handle, dump: () => server.dump() }
  },
}

export default unforgiving
