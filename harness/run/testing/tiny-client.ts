import type { ClientDefinition } from '../../core/client.ts'
import type { Row } from '../../core/ports/database.ts'
import { HttpError } from '../../core/ports/http.ts'

interface Draft extends Row {
  readonly key: string
  readonly n: number
  readonly record: string
  readonly text: string
  readonly sent: 0 | 1
}

const RETRY = 3000

/** The smallest offline-first client a world can be tried with: it keeps what was written and sends it until the server has it. 'boom' makes it fall over. */
const tinyClient: ClientDefinition = {
  name: 'tiny',
  title: 'the smallest client that keeps its word',
  module: import.meta.url,
  capabilities: {
    collections: ['messages'],
    update: false,
    delete: false,
    cancel: false,
    statuses: true,
    outbox: false,
    cursor: false,
    versions: false,
    allSynced: true,
    conflicts: false,
    ordered: false,
    recovery: 10_000,
  },
  create: ({ clock, http, database, connectivity, recorder }) => {
    const drafts = database({ drafts: { key: 'key', indexes: { n: ['n'] } } })
    const all = () => drafts.read((tables) => tables.table<Draft>('drafts').by('n'))
    let attempt = 0
    const drain = async () => {
      for (const draft of all().filter(({ sent }) => sent === 0)) {
        const { key, record, text } = draft
        try {
          await http.request({
            method: 'POST',
            path: '/items',
            body: JSON.stringify({ key, record, text }),
            deadline: 5000,
            about: [{ key, attempt: ++attempt }],
          })
        } catch (error) {
          if (error instanceof HttpError) break
          throw error
        }
        drafts.transaction((tables) => tables.table<Draft>('drafts').put({ ...draft, sent: 1 }))
        recorder.emit({ type: 'ackApplied', key, rev: 1, outcome: 'applied', cleared: true })
        recorder.screen()
      }
      clock.after(RETRY, drain)
    }
    return {
      start: () => {
        connectivity.onChange(() => recorder.screen())
        clock.after(0, drain)
      },
      perform: (action) => {
        if (action.type !== 'create')
          return { saved: Promise.resolve({ refused: 'a tiny client only sends' }) }
        const text = String(action.content.text)
        if (text.startsWith('boom')) {
          clock.after(1, () => {
            throw new Error('boom, as asked')
          })
        }
        const key = `key-${action.op}`
        drafts.transaction((tables) => {
          const table = tables.table<Draft>('drafts')
          table.put({ key, n: table.count() + 1, record: action.record, text, sent: 0 })
        })
        recorder.emit({
          type: 'localCommit',
          op: action.op,
          key,
          write: 'create',
          collection: 'messages',
          record: action.record,
          rev: 1,
        })
        return { saved: Promise.resolve({ durable: true }) }
      },
      view: () => ({
        rows: all().map(({ key, record, text, sent }) => ({
          collection: 'messages',
          id: key,
          record,
          content: { conversation: 'main', text },
          status: sent ? ('sent' as const) : ('pending' as const),
        })),
        // Not what the claim means: it shows a test that the signal arrived.
        allSynced: connectivity.get().online,
      }),
      stop: () => {},
    }
  },
}

export default tinyClient
