import { observePayload } from '../../../core/observe.ts'
import { REQUEST_HEADER, type ServerDefinition } from '../../../core/server.ts'

type Row = { seq: number; record: string; text: string; author: string }

/** Keeps what is posted to it, each post once more. Recovers commits it could not report. */
export default {
  name: 'testing/tiny',
  title: 'a tiny server',
  module: import.meta.url,
  create: ({ database, recorder, checkpoint }, { recordedThrough }) => {
    const store = database({ rows: { key: 'seq' } })
    const rows = () => store.read((tables) => tables.table<Row>('rows').all())
    const commit = ({ seq, record, text, author }: Row, recovered: boolean) =>
      recorder.emit({
        type: 'serverCommit',
        position: seq,
        epoch: 'e',
        write: 'create',
        collection: 'notes',
        record,
        version: 1,
        head: 0,
        author,
        ...observePayload({ text }),
        ...(recovered && { recovered }),
      })
    for (const row of rows()) if (row.seq > recordedThrough) commit(row, true)
    return {
      handle: async (request) => {
        if (request.path !== '/notes')
          return { status: 404, headers: {}, body: request.headers?.[REQUEST_HEADER] ?? '' }
        const { record, text, device } = JSON.parse(request.body ?? '{}')
        if (String(text).startsWith('break')) throw new Error('a tiny break')
        const row = { seq: rows().length + 1, record, text, author: device }
        checkpoint('before-commit')
        store.transaction((tables) => tables.table<Row>('rows').put(row))
        checkpoint('after-commit')
        commit(row, false)
        return {
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ seq: row.seq }),
        }
      },
      dump: () => ({
        epoch: 'e',
        position: rows().length,
        rows: rows().map(({ record, text, author }) => ({
          collection: 'notes',
          record,
          version: 1,
          deleted: false,
          author,
          content: { text },
        })),
      }),
    }
  },
} satisfies ServerDefinition
