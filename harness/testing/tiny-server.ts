import { observePayload } from '../core/observe.ts'
import type { Row } from '../core/ports/database.ts'
import type { PromptServer, ServerDefinition } from '../core/server.ts'

interface Item extends Row {
  readonly key: string
  readonly seq: number
  readonly record: string
  readonly text: string
  readonly author: string
}

const IN_TIMER = 'break in a timer'
const AT_START = 'break at the next start'
const OK = { status: 200, headers: {}, body: '{}' }
const asked = () => new Error('break, as asked')

/**
 * The smallest correct server, for tests of worlds: POST /items stores an item once per key and
 * records its commit. GET does nothing. A text that begins with 'break' makes the server throw, in
 * a timer or at its next start if the text says so: 'break in a timer', 'break at the next start'.
 */
const tinyServer: ServerDefinition<PromptServer> = {
  name: 'tiny',
  title: 'the smallest correct server',
  module: import.meta.url,
  create: ({ clock, database, recorder, checkpoint }, { recordedThrough }) => {
    const items = database({ items: { key: 'key', indexes: { seq: ['seq'] } } })
    const all = () => items.read((tables) => tables.table<Item>('items').by('seq'))
    const report = ({ key, seq, record, text, author }: Item, recovered: boolean) =>
      recorder.emit({
        type: 'serverCommit',
        key,
        position: seq,
        epoch: 'tiny',
        write: 'create',
        collection: 'messages',
        record,
        version: 1,
        head: 0,
        author,
        ...observePayload({ conversation: 'main', text }),
        ...(recovered && { recovered }),
      })
    if (all().some(({ text }) => text.startsWith(AT_START))) throw asked()
    for (const item of all()) if (item.seq > recordedThrough) report(item, true)
    return {
      handle: async ({ method, body = '{}' }) => {
        if (method === 'GET') return OK
        const { key, record, text, author } = JSON.parse(body) as Item
        if (text.startsWith(IN_TIMER))
          clock.after(1, () => {
            throw asked()
          })
        else if (text.startsWith('break') && !text.startsWith(AT_START)) throw asked()
        const known = items.read((tables) => tables.table<Item>('items').get(key))
        if (known) return OK
        checkpoint('before-commit')
        const item: Item = { key, record, text, author, seq: all().length + 1 }
        items.transaction((tables) => tables.table<Item>('items').put(item))
        checkpoint('after-commit')
        report(item, false)
        return { status: 201, headers: {}, body: '{}' }
      },
      dump: () => {
        const rows = all()
        return {
          epoch: 'tiny',
          position: rows.length,
          rows: rows.map(({ record, text, author }) => ({
            collection: 'messages',
            record,
            version: 1,
            deleted: false,
            author,
            content: { conversation: 'main', text },
          })),
        }
      },
    }
  },
}

export default tinyServer
