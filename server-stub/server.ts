import type { Server, ServerDump, ServerPorts, ServerSetup } from '../harness/core/server.ts'
import { policyNamed } from './conflict/index.ts'
import { changesHandler } from './handlers/changes.ts'
import { messagesHandler, sendHandler } from './handlers/messages.ts'
import { pushHandler } from './handlers/push.ts'
import { type Routes, route } from './http/router.ts'
import { Store } from './store/store.ts'
import type { ConflictRecord, StoredRecord } from './store/tables.ts'
import { purgeTombstones } from './store/tombstones.ts'
import { type Traits, writer } from './write/writer.ts'

const DAY = 86_400_000
/** What a variant need not say. */
export const TRAITS: Traits = { remembersKeys: true, retention: 30 * DAY }

/** A sync server on what its database holds. Throws a Problem on a conflict policy that nobody knows. */
export function syncServer(ports: ServerPorts, setup: ServerSetup, traits: Traits): Server {
  const policy = policyNamed(setup.policy)
  const store = new Store(ports.database, ports.random)
  for (const commit of store.commitsAfter(setup.recordedThrough))
    ports.recorder.emit({ ...commit, recovered: true })
  store.database.transaction((tables) =>
    purgeTombstones(tables, ports.clock.now() - traits.retention),
  )
  const write = writer(store, ports, policy, traits)
  const routes: Routes = {
    '/push': { POST: pushHandler(write, store.epoch) },
    '/changes': { GET: changesHandler(store) },
    '/messages': {
      POST: sendHandler(write, traits.remembersKeys, ports.clock, ports.random),
      GET: messagesHandler(store),
    },
  }
  return {
    handle: async (request) => route(routes, request),
    dump: () => dump(store),
  }
}

/** Records go by the names that the history uses. */
function dump(store: Store): ServerDump {
  return store.database.read((tables) => ({
    epoch: store.epoch,
    position: store.seq,
    rows: tables
      .table<StoredRecord>('records')
      .all()
      .map(({ collection, name: record, version, deleted, author, content }) => ({
        collection,
        record,
        version,
        deleted,
        author,
        ...(content && { content }),
      })),
    conflicts: tables
      .table<ConflictRecord>('conflicts')
      .all()
      .map(({ collection, name: record, key, content, rule }) => ({
        collection,
        record,
        rule,
        ...(key !== undefined && { key }),
        ...(content && { content }),
      })),
  }))
}
