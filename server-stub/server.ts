import type { Server, ServerDump, ServerPorts, ServerSetup } from '../harness/core/server.ts'
import { findPolicy } from './conflict/policies.ts'
import { changesHandler } from './handlers/changes.ts'
import { messageHandlers, messagesHandler } from './handlers/messages.ts'
import { pushHandler } from './handlers/push.ts'
import { sessionHandler } from './handlers/session.ts'
import { type Routes, route } from './http/router.ts'
import { Store } from './store/store.ts'
import type { ConflictRecord, StoredRecord } from './store/tables.ts'
import { purgeTombstones } from './store/tombstones.ts'
import { type Traits, writer } from './write/writer.ts'

const DAY_MS = 86_400_000
/** The traits of the reference server. */
export const DEFAULT_TRAITS: Traits = {
  keyRetentionMs: Number.POSITIVE_INFINITY,
  tombstoneRetentionMs: 30 * DAY_MS,
}

/**
 * Creates a sync server on its database, and reports the commits that an earlier incarnation could
 * not report. Throws a Problem if the conflict policy is unknown.
 */
export function syncServer(ports: ServerPorts, setup: ServerSetup, traits: Traits): Server {
  const policy = findPolicy(setup.policy)
  const store = new Store(ports.database, ports.random)
  for (const commit of store.commitsAfter(setup.recordedThrough))
    ports.recorder.emit({ ...commit, recovered: true })
  store.database.transaction((tables) =>
    purgeTombstones(tables, ports.clock.now() - traits.tombstoneRetentionMs),
  )
  const write = writer(store, ports, policy, traits)
  const remembersKeys = traits.keyRetentionMs > 0
  const messages = messageHandlers(write, store, remembersKeys, ports.clock, ports.random)
  const routes: Routes = {
    '/push': { POST: pushHandler(write, store) },
    '/changes': { GET: changesHandler(store) },
    '/messages': { POST: messages.create, GET: messagesHandler(store) },
    '/messages/*': { PUT: messages.update, DELETE: messages.delete },
    '/session': { POST: sessionHandler(ports.random) },
  }
  return {
    handle: async (request) => route(routes, request, store.epoch),
    dump: () => dump(store),
  }
}

/** The server's state, with records named as in the history. */
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
