import type { ServerEvent } from '../../harness/core/event.ts'
import type {
  PromptServer,
  Server,
  ServerDefinition,
  ServerDump,
} from '../../harness/core/server.ts'
import type { PushItem } from '../protocol/item.ts'
import { DEFAULT_TRAITS, syncServer } from '../server.ts'

/**
 * Makes a server with a flaw from the reference server: `misread` changes each item before it is
 * written. The history still shows the items as sent and the commits as made.
 */
export function misreadingServer(
  name: string,
  title: string,
  misread: (item: PushItem, held: ServerDump['rows'][number] | undefined) => PushItem,
): ServerDefinition<PromptServer> {
  return {
    name,
    title,
    create: (ports, setup) => {
      const sent = new Map<string, PushItem>()
      const asSent = (event: ServerEvent): ServerEvent => {
        if (event.type !== 'serverCommit' && event.type !== 'serverOutcome') return event
        const item = event.key === undefined ? undefined : sent.get(event.key)
        return item ? { ...event, base: item.base, write: item.type } : event
      }
      const server = syncServer(
        { ...ports, recorder: { emit: (event) => ports.recorder.emit(asSent(event)) } },
        setup,
        DEFAULT_TRAITS,
      )
      const handle: Server['handle'] = (request) => {
        if (request.path !== '/push' || request.body === undefined) return server.handle(request)
        const { rows } = server.dump()
        const { items } = JSON.parse(request.body) as { items: PushItem[] }
        const misreadItems = items.map((item) => {
          sent.set(item.key, item)
          return misread(
            item,
            rows.find(
              ({ collection, record }) => collection === item.collection && record === item.record,
            ),
          )
        })
        return server.handle({ ...request, body: JSON.stringify({ items: misreadItems }) })
      }
      return { handle, dump: () => server.dump() }
    },
  }
}
