import { readFileSync } from 'node:fs'
import type { ServerDefinition } from '../../../../core/server.ts'

type Row = { readonly id: string; readonly text: string }

const read = (file: string) => readFileSync(new URL(`./pwa/${file}`, import.meta.url), 'utf8')
const FILES: Readonly<Record<string, readonly [type: string, body: string]>> = {
  '/': ['text/html; charset=utf-8', read('index.html')],
  '/outbox.js': ['text/javascript', read('outbox.js')],
  '/sw.js': ['text/javascript', read('sw.js')],
}

/** The server of the app in pwa/: it stores each message under the id that the app chose. */
const server: ServerDefinition = {
  name: 'pwa-server',
  title: 'stores each message once',
  tells: 'holdings',
  create({ database }) {
    const db = database({ messages: { key: 'id' } })
    const rows = () => db.read((tables) => tables.table<Row>('messages').all())
    return {
      async handle({ method, path, body = '' }) {
        const { pathname } = new URL(path, 'http://server.test')
        const [, collection, id] = pathname.split('/')
        const file = FILES[pathname]
        if (file) return { status: 200, headers: { 'content-type': file[0] }, body: file[1] }
        if (collection !== 'messages') return { status: 404, headers: {}, body: '' }
        if (method === 'PUT' && id !== undefined)
          db.transaction((tables) => tables.table<Row>('messages').put({ id, text: body }))
        return { status: 200, headers: {}, body: JSON.stringify(rows()) }
      },
      dump: () => ({
        epoch: '1',
        position: rows().length,
        rows: rows().map(({ id, text }) => ({
          collection: 'messages',
          record: /⟦(\S+) /.exec(text)?.[1] ?? id,
          version: 1,
          deleted: false,
          content: { conversation: 'main', text },
        })),
      }),
    }
  },
}

export default server
